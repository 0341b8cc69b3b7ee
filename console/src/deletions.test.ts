import { expect, it } from 'vitest'
import { stateOf } from './deletions'

it('tells a cluster that is gone from one that is kept and from a later one of its name', () => {
  const deleted = { name: 'a', createdAt: new Date(1) }
  expect(stateOf(deleted, undefined)).toBe('gone')
  expect(stateOf(deleted, { name: 'a', createdAt: new Date(2), status: 'ACTIVE' })).toBe('gone')
  expect(stateOf(deleted, { name: 'a', createdAt: new Date(1), status: 'DELETING' })).toBe('under way')
  expect(stateOf(deleted, { name: 'a', createdAt: new Date(1), status: 'FAILED' })).toBe('kept')
})
