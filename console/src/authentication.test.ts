import { expect, it } from 'vitest'
import { modeName, nextMode } from './authentication'

it('goes forward one step at a time and stops at the last', () => {
  const way = ['CONFIG_MAP']
  for (let next = nextMode(way[0]); next && way.length < 9; next = nextMode(next.mode)) way.push(next.mode)
  expect(way).toEqual(['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'])
  expect(way.map(modeName)).toEqual(['ConfigMap', 'EKS API and ConfigMap', 'EKS API'])
  expect(nextMode('OF_ANOTHER_YEAR')).toBeUndefined()
})
