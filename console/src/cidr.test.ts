import { describe, expect, it } from 'vitest'
import { contains, formatCidr, parseAddress, parseCidr, splitList, type Cidr } from './cidr'

const good = (text: string): Cidr => {
  const parsed = parseCidr(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`)
  return parsed.cidr
}
const bad = (text: string) => {
  const parsed = parseCidr(text)
  if (parsed.ok) throw new Error(`${text} was taken`)
  return parsed
}

describe('parseCidr', () => {
  it.each([
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['203.0.113.5/32', '203.0.113.5/32'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['::/0', '::/0'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
    ['2001:db8:0:1:1:1:1:1/128', '2001:db8:0:1:1:1:1:1/128'],
    ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3/128'],
    ['64:ff9b::192.0.2.33/128', '64:ff9b::c000:221/128'],
    ['fe80::/10', 'fe80::/10'],
  ])('reads %s', (text, canonical) => expect(formatCidr(good(text))).toBe(canonical))

  it.each(['', 'example.org/32', '1.2.3/24', '1.2.3.4.5/32', '256.0.0.0/8', '01.2.3.4/32', '1.2.3.4 /32', ':::/0',
    '1:2:3:4:5:6:7/128', '1:2:3:4:5:6:7:8:9/128', '1::2::3/128', '12345::/16', '::1.2.3/128', '1.2.3.4::/16'])(
    'refuses the address of "%s"', (text) => expect(bad(text).message).toContain('Not an IPv4 or IPv6 address'))

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/1e1', '::/129'])(
    'refuses the length of %s', (text) => expect(bad(text).message).toContain('prefix length'))

  it('names the block that was meant', () => {
    expect(bad('203.0.113.5').suggestion).toBe('203.0.113.5/32')
    expect(bad('2001:db8::7').suggestion).toBe('2001:db8::7/128')
    expect(bad('203.0.113.5/24').suggestion).toBe('203.0.113.0/24')
    expect(bad('2001:db8::1/32').suggestion).toBe('2001:db8::/32')
    expect(bad('10.1.2.3/0').suggestion).toBe('0.0.0.0/0')
    expect(bad('::ffff:192.0.2.1/128').suggestion).toBe('192.0.2.1/32')
  })
})

describe('contains', () => {
  it.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['0.0.0.0/0', '203.0.113.5/32', true],
    ['::/0', '203.0.113.5/32', false],
    ['2001:db8::/32', '2001:db8:ffff::/48', true],
    ['10.0.0.0/9', '10.128.0.0/9', false],
  ])('%s, %s: %s', (outer, inner, expected) => expect(contains(good(outer), good(inner))).toBe(expected))
})

it('reads addresses of both families', () => {
  expect(parseAddress('192.0.2.1')).toEqual({ family: 4, value: 0xc0000201n })
  expect(parseAddress('::1')).toEqual({ family: 6, value: 1n })
  expect(parseAddress('nobody')).toBeUndefined()
})

it('takes lists apart however they are written', () => {
  const blocks = ['203.0.113.5/32', '198.51.100.0/24', '2001:db8::/32']
  expect(splitList('203.0.113.5/32, 198.51.100.0/24;2001:db8::/32')).toEqual(blocks)
  expect(splitList('203.0.113.5/32  # the office\r\n198.51.100.0/24\n\n2001:db8::/32\n')).toEqual(blocks)
  expect(splitList('["203.0.113.5/32","198.51.100.0/24","2001:db8::/32"]')).toEqual(blocks)
  expect(splitList(' \n# nothing\n')).toEqual([])
})
