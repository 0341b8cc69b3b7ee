import { expect, it } from 'vitest'
import { each } from './each'

const turn = () => new Promise<void>((resolve) => setTimeout(resolve))

it('works on a few at a time and answers in the order of the items', async () => {
  const items = Array.from({ length: 40 }, (_, index) => index)
  let running = 0
  let most = 0
  const results = await each(items, async (item) => {
    most = Math.max(most, ++running)
    for (let round = item % 3; round >= 0; --round) await turn()
    --running
    return item * 2
  })
  expect(results).toEqual(items.map((item) => item * 2))
  expect(most).toBe(6)
})

it('begins nothing after a failure', async () => {
  const begun: number[] = []
  const work = async (item: number) => {
    begun.push(item)
    await turn()
    if (item === 2) throw new Error('two')
  }
  await expect(each([...Array(40).keys()], work)).rejects.toThrow('two')
  await turn()
  await turn()
  expect(begun.length).toBeLessThan(12)
})
