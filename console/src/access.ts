// Endpoint access: the setting, its rules, and how two settings differ.

import { contains, formatCidr, parseCidr } from './cidr'

export interface EndpointAccess {
  privateAccess: boolean
  publicAccess: boolean
  cidrs: string[]
}

export type Mode = 'Public' | 'Public and private' | 'Private'

export function modeOf(access: Pick<EndpointAccess, 'privateAccess' | 'publicAccess'>): Mode {
  if (!access.publicAccess) return 'Private'
  return access.privateAccess ? 'Public and private' : 'Public'
}

// Why the public side cannot be turned off as the private one stands; nothing where it can.
export function publicGuard(access: EndpointAccess): string | undefined {
  if (access.publicAccess || access.privateAccess) return undefined
  return 'Turn on private access to turn off public access: nobody could reach the API server otherwise.'
}

// Who is let in without a limit; nothing where somebody is not.
export function openTo(cidrs: readonly string[]): 'all traffic' | 'all IPv6 traffic' | undefined {
  if (cidrs.includes('0.0.0.0/0')) return 'all traffic'
  return cidrs.includes('::/0') ? 'all IPv6 traffic' : undefined
}

// Whether the public side admits an address; false where it is none.
export function admitsPublicly(access: EndpointAccess, address: string): boolean {
  const host = parseCidr(`${address}/${address.includes(':') ? 128 : 32}`)
  return access.publicAccess && host.ok && access.cidrs.some((text) => {
    const block = parseCidr(text)
    return block.ok && contains(block.cidr, host.cidr)
  })
}

const canonical = (text: string) => {
  const parsed = parseCidr(text)
  return parsed.ok ? formatCidr(parsed.cidr) : text
}

export interface Difference {
  private?: [before: boolean, after: boolean]
  public?: [before: boolean, after: boolean]
  added: string[]
  removed: string[]
  kept: number // blocks in both, while the public side is on
}

// How `after` differs. While the public side is off the allowlist is nobody's, so it does not count.
export function differenceOf(before: EndpointAccess, after: EndpointAccess): Difference {
  const was = new Set(before.cidrs.map(canonical))
  const will = new Set(after.cidrs.map(canonical))
  const difference: Difference = {
    added: after.publicAccess ? [...will].filter((block) => !was.has(block)) : [],
    removed: after.publicAccess ? [...was].filter((block) => !will.has(block)) : [],
    kept: after.publicAccess ? [...will].filter((block) => was.has(block)).length : 0,
  }
  if (before.privateAccess !== after.privateAccess) difference.private = [before.privateAccess, after.privateAccess]
  if (before.publicAccess !== after.publicAccess) difference.public = [before.publicAccess, after.publicAccess]
  return difference
}

export const isEmpty = (difference: Difference) =>
  !difference.private && !difference.public && difference.added.length + difference.removed.length === 0

export interface AccessRequest {
  endpointPrivateAccess?: boolean
  endpointPublicAccess?: boolean
  publicAccessCidrs?: string[]
}

// What UpdateClusterConfig is asked for: the members that change, and no other.
export function requestOf(before: EndpointAccess, after: EndpointAccess): AccessRequest {
  const difference = differenceOf(before, after)
  const request: AccessRequest = {}
  if (difference.private) request.endpointPrivateAccess = after.privateAccess
  if (difference.public) request.endpointPublicAccess = after.publicAccess
  if (difference.added.length + difference.removed.length > 0) request.publicAccessCidrs = after.cidrs
  return request
}
