import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { repeat } from './repeat'

const page = Object.assign(new EventTarget(), { hidden: false })
const show = (shown: boolean) => {
  page.hidden = !shown
  page.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  page.hidden = false
})
afterEach(() => void vi.useRealTimers())

it('waits for what is under way before the next pause begins', async () => {
  const begun = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 1000)))
  const end = repeat(begun, 100, page)
  await vi.advanceTimersByTimeAsync(99)
  expect(begun).toHaveBeenCalledTimes(0)
  await vi.advanceTimersByTimeAsync(1)
  show(false)
  show(true)
  await vi.advanceTimersByTimeAsync(1099)
  expect(begun).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(begun).toHaveBeenCalledTimes(2)
  end()
})

it('rests while the page is hidden and goes on when it is seen', async () => {
  const work = vi.fn()
  const end = repeat(work, 100, page)
  show(false)
  await vi.advanceTimersByTimeAsync(1000)
  expect(work).toHaveBeenCalledTimes(0)
  show(true)
  expect(work).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(100)
  expect(work).toHaveBeenCalledTimes(2)
  end()
})

it('ends, and what is under way with it', async () => {
  let signal: AbortSignal | undefined
  const work = vi.fn((given: AbortSignal) => {
    signal = given
    return new Promise<void>((resolve) => given.addEventListener('abort', () => resolve()))
  })
  const end = repeat(work, 100, page)
  await vi.advanceTimersByTimeAsync(100)
  expect(signal?.aborted).toBe(false)
  end()
  show(false)
  show(true)
  await vi.advanceTimersByTimeAsync(1000)
  expect(signal?.aborted).toBe(true)
  expect(work).toHaveBeenCalledTimes(1)
})
