import { expect, it } from 'vitest'
import { faultsOf, rowsOfTags, tagChange } from './tags'

it('shows tags by key', () => {
  expect(rowsOfTags({ b: '2', a: '1' })).toEqual([{ key: 'a', value: '1' }, { key: 'b', value: '2' }])
})

it('finds fault with keys that are missing, too long, reserved or given twice', () => {
  const rows = ['a', '', 'x'.repeat(129), 'aws:x', 'AWS:y', 'a'].map((key) => ({ key, value: '1' }))
  expect(faultsOf(rows).map((fault) => fault?.slice(0, 8))).toEqual(
    [undefined, 'A key is', 'A key ha', 'Keys tha', 'Keys tha', 'This key'])
})

it('puts what is new or changed and removes what is gone', () => {
  const before = { stays: '1', changes: '1', goes: '1' }
  const rows = [{ key: 'stays', value: '1' }, { key: 'changes', value: '2' }, { key: 'new', value: '' }]
  expect(tagChange(before, rows)).toEqual({ put: { changes: '2', new: '' }, remove: ['goes'] })
  expect(tagChange(before, rowsOfTags(before))).toEqual({ put: {}, remove: [] })
})

it('leaves out rows that are blank', () => {
  const rows = [{ key: ' ', value: '' }, { key: 'a', value: '' }, { key: '', value: '' }]
  expect(faultsOf(rows)).toEqual([undefined, undefined, undefined])
  expect(tagChange({ b: '1' }, rows)).toEqual({ put: { a: '' }, remove: ['b'] })
})
