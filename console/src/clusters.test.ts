import { expect, it } from 'vitest'
import { isSettling, rowOf, rowsOf } from './clusters'

it('keeps what is not found again, drops what is gone and awaits what is new', () => {
  const before = [rowOf({ name: 'b', status: 'UPDATING' }), rowOf({ name: 'c', status: 'DELETING' }), rowOf({ name: 'd' })]
  const found = new Map([['b', rowOf({ name: 'b', status: 'ACTIVE' })], ['c', undefined]])
  const rows = rowsOf(['a', 'b', 'c', 'd'], found, before)
  expect(rows.map(({ name, seen, status }) => [name, seen, status])).toEqual(
    [['a', false, ''], ['b', true, 'ACTIVE'], ['d', true, '']])
  expect(rowsOf(['d'], new Map(), rows)).toEqual([before[2]])
})

it('tells the clusters that will change by themselves', () => {
  expect(['CREATING', 'UPDATING', 'DELETING'].every(isSettling)).toBe(true)
  expect(['ACTIVE', 'FAILED', '', undefined].some(isSettling)).toBe(false)
})
