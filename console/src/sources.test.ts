import { describe, expect, it } from 'vitest'
import { blocksOf, elsewhere, kMaxSources, kRowsOnPage, pageOf, pagesOf, pasted, remarksOn, rowsOf } from './sources'

describe('remarksOn', () => {
  it('has nothing to say of blocks that stand alone, nor of empty rows', () => {
    expect(remarksOn(['203.0.113.5/32', '', '  ', '2001:db8::/32'])).toEqual([undefined, undefined, undefined, undefined])
  })

  it('flags the second of two equal blocks, however written', () => {
    const remarks = remarksOn(['2001:db8::/32', '10.0.0.0/8', '2001:DB8:0::/32', ' 10.0.0.0/8 '])
    expect(remarks.map((remark) => remark?.kind)).toEqual([undefined, undefined, 'error', 'error'])
    expect(remarks[2]?.message).toContain('row 1')
    expect(remarks[3]?.message).toContain('row 2')
  })

  it('flags host bits with the block that was meant', () => {
    expect(remarksOn(['10.1.2.3/8'])[0]).toMatchObject({ kind: 'error', suggestion: '10.0.0.0/8' })
  })

  it('warns of a block within another, naming the nearest', () => {
    const remarks = remarksOn(['10.1.1.0/24', '10.0.0.0/8', '10.1.0.0/16', '11.0.0.0/8'])
    expect(remarks.map((remark) => remark?.kind)).toEqual(['warning', undefined, 'warning', undefined])
    expect(remarks[0]?.message).toContain('10.1.0.0/16')
    expect(remarks[2]?.message).toContain('10.0.0.0/8')
  })
})

it('sends what is not empty, trimmed', () => expect(blocksOf([' 10.0.0.0/8', '', ' '])).toEqual(['10.0.0.0/8']))

describe('pasted', () => {
  it('fills rows from where the list was pasted', () => {
    expect(pasted(['a', '', 'z'], 1, 'b, c\nd')).toEqual(['a', 'b', 'c', 'd', 'z'])
  })
  it('keeps what the row has', () => expect(pasted(['a'], 0, 'b c')).toEqual(['a', 'b', 'c']))
  it('leaves a single block to the browser', () => expect(pasted([''], 0, ' 10.0.0.0/8 \n')).toBeUndefined())
  it('stops at the limit', () => {
    const many = Array.from({ length: kMaxSources + 5 }, (_, i) => `${i}`).join(' ')
    expect(pasted([''], 0, many)).toHaveLength(kMaxSources)
  })
})

it('puts every row on one page', () => {
  expect([0, 1, kRowsOnPage, kRowsOnPage + 1].map(pagesOf)).toEqual([1, 1, 1, 2])
  for (const row of [0, kRowsOnPage - 1, kRowsOnPage, 3 * kRowsOnPage]) {
    const { from, to } = rowsOf(pageOf(row))
    expect(from <= row && row < to).toBe(true)
  }
})

it('counts the errors of other pages', () => {
  const rows = Array.from({ length: 2 * kRowsOnPage }, (_, i) => `10.0.${i}.0/24`)
  rows[1] = 'x'
  rows[kRowsOnPage + 3] = 'y'
  rows[kRowsOnPage + 9] = 'z'
  const remarks = remarksOn(rows)
  expect(elsewhere(remarks, 1)).toEqual({ count: 2, first: kRowsOnPage + 3 })
  expect(elsewhere(remarks, 2)).toEqual({ count: 1, first: 1 })
})
