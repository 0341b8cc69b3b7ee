import { expect, test } from 'vitest'
import type { SourceTraffic } from './aws/insight'
import { blocksAround, countInWords, reasonInWords, remedyOf, rowsOf, seriesOf } from './traffic'

const one = (source: string, more: Partial<SourceTraffic> = {}): SourceTraffic => ({
  source, side: 'public', connections: 1, lastSeen: '2026-11-29T00:00:00.000Z', allowedNow: false, reason: 'no-public-cidr-match', ...more,
})

test('a source that was denied in several ways is one row, with the last reason', () => {
  const rows = rowsOf(
    [one('192.0.2.1', { connections: 2, uncertain: 3 }), one('192.0.2.9', { connections: 4 })],
    [one('192.0.2.1', { connections: 5, lastSeen: '2026-11-29T00:00:01.000Z', droppedBy: 'kernel-filter' }), one('192.0.2.1', { side: 'private' })],
  )
  expect(rows.map(({ source, side, attempts }) => [source, side, attempts])).toEqual(
    [['192.0.2.1', 'public', 7], ['192.0.2.9', 'public', 4], ['192.0.2.1', 'private', 1]])
  expect(rows[0]?.reason).toBe('kernel-filter')
  expect(rows.map(countInWords)).toEqual(['7 to 10', '4', '1'])
})

test('every reason has words, and an unknown one is itself', () => {
  expect(reasonInWords('kernel-filter')).toContain('kernel filter')
  expect(reasonInWords('no-public-cidr-match')).toContain('allowlist')
  expect(reasonInWords('of-tomorrow')).toBe('of-tomorrow')
})

test('the allowlist is offered for public denials alone', () => {
  const [row] = rowsOf([one('192.0.2.1')])
  expect(remedyOf(row!, true)).toBeUndefined()
  expect(remedyOf(row!, false)).toContain('Public access')
  expect(remedyOf({ ...row!, allowedNow: true }, true)).toContain('now')
  expect(remedyOf({ ...row!, side: 'private', reason: 'no-security-group-match' }, true)).toContain('security group')
  expect(remedyOf({ ...row!, side: 'private', reason: 'not-connected' }, true)).toContain('peering')
})

test('blocks around a source', () => {
  expect(blocksAround('192.0.2.77')).toEqual(['192.0.2.77/32', '192.0.2.0/24'])
  expect(blocksAround('2001:db8:1:2:3::4')).toEqual(['2001:db8:1:2:3::4/128', '2001:db8:1:2::/64'])
  expect(blocksAround('localhost')).toEqual([])
})

test('series of the chart', () => {
  const series = seriesOf({ intervals: [
    { start: '2026-11-29T00:00:00.000Z', allowed: 2, denied: 1, unnamed: 4 },
    { start: '2026-11-29T00:00:10.000Z', allowed: 0, denied: 0, unnamed: 0 },
  ] })
  expect(series.most).toBe(7)
  expect(series.unnamed.map(({ y }) => y)).toEqual([4, 0])
  expect(series.to.getTime() - series.from.getTime()).toBe(10_000)
  expect(seriesOf({ intervals: [] }).most).toBe(1)
})
