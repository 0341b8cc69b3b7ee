import { describe, expect, it } from 'vitest'
import { admitsPublicly, differenceOf, isEmpty, modeOf, openTo, publicGuard, requestOf, type EndpointAccess } from './access'

const open: EndpointAccess = { privateAccess: false, publicAccess: true, cidrs: ['0.0.0.0/0'] }
const both: EndpointAccess = { privateAccess: true, publicAccess: true, cidrs: ['203.0.113.5/32'] }
const closed: EndpointAccess = { privateAccess: true, publicAccess: false, cidrs: ['203.0.113.5/32'] }

it('names the three modes', () => {
  expect([open, both, closed].map(modeOf)).toEqual(['Public', 'Public and private', 'Private'])
})

it('guards the public side by the private one', () => {
  expect(publicGuard({ ...open, publicAccess: false })).toContain('Turn on private access')
  expect([open, both, closed].map(publicGuard)).toEqual([undefined, undefined, undefined])
})

it('tells when everybody is let in', () => {
  expect(openTo(['10.0.0.0/8', '0.0.0.0/0'])).toBe('all traffic')
  expect(openTo(['10.0.0.0/8', '::/0'])).toBe('all IPv6 traffic')
  expect(openTo(['10.0.0.0/8'])).toBeUndefined()
})

describe('differenceOf', () => {
  it('is empty for the same setting, whatever the order and the spelling', () => {
    const before = { ...both, cidrs: ['2001:db8::/32', '10.0.0.0/8'] }
    expect(isEmpty(differenceOf(before, { ...both, cidrs: ['10.0.0.0/8', '2001:0DB8::/32'] }))).toBe(true)
  })
  it('has the switches that turn and the blocks that come and go', () => {
    expect(differenceOf(open, both)).toEqual({
      private: [false, true], added: ['203.0.113.5/32'], removed: ['0.0.0.0/0'], kept: 0,
    })
  })
  it('passes over the list of a side that is turned off', () => {
    expect(differenceOf(both, { ...closed, cidrs: [] })).toEqual({ public: [true, false], added: [], removed: [], kept: 0 })
  })
  it('counts a block that is named twice once', () => {
    expect(differenceOf(both, { ...both, cidrs: ['203.0.113.5/32', '203.0.113.5/32'] }).kept).toBe(1)
  })
})

it('asks for what changes and for nothing else', () => {
  expect(requestOf(open, both)).toEqual({ endpointPrivateAccess: true, publicAccessCidrs: ['203.0.113.5/32'] })
  expect(requestOf(both, { ...closed, cidrs: [] })).toEqual({ endpointPublicAccess: false })
  expect(requestOf(closed, both)).toEqual({ endpointPublicAccess: true })
  expect(requestOf(both, both)).toEqual({})
})

it('knows whom the public side admits', () => {
  const access = (cidrs: string[], publicAccess = true): EndpointAccess => ({ privateAccess: true, publicAccess, cidrs })
  expect(admitsPublicly(access(['192.0.2.0/24', '2001:db8::/32']), '192.0.2.9')).toBe(true)
  expect(admitsPublicly(access(['192.0.2.0/24', '2001:db8::/32']), '2001:db8::9')).toBe(true)
  expect(admitsPublicly(access(['192.0.2.0/24', 'nonsense']), '198.51.100.1')).toBe(false)
  expect(admitsPublicly(access(['0.0.0.0/0'], false), '192.0.2.9')).toBe(false)
  expect(admitsPublicly(access(['0.0.0.0/0']), 'not known')).toBe(false)
})
