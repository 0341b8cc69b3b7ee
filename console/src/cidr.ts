// CIDR blocks as the API reads them: an address, a slash, a prefix length, no host bit set.

export interface Cidr {
  family: 4 | 6
  network: bigint
  prefix: number
}

export type Parsed =
  | { ok: true; cidr: Cidr }
  // `suggestion` is what the writer most likely meant, where there is such a thing.
  | { ok: false; message: string; suggestion?: string }

const widthOf = (family: 4 | 6) => (family === 4 ? 32 : 128)

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

// Groups of one side of "::"; the last may be an IPv4 address.
function groupsOf(text: string, mayEndInV4: boolean): bigint[] | undefined {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (mayEndInV4 && index === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part)
      if (v4 === undefined) return undefined
      groups.push(v4 >> 16n, v4 & 0xffffn)
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined
      groups.push(BigInt('0x' + part))
    }
  }
  return groups
}

function parseV6(text: string): bigint | undefined {
  const sides = text.split('::')
  if (sides.length > 2) return undefined
  const head = groupsOf(sides[0] ?? '', sides.length === 1)
  const tail = sides.length === 2 ? groupsOf(sides[1] ?? '', true) : []
  if (!head || !tail) return undefined
  const missing = 8 - head.length - tail.length
  if (sides.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...Array<bigint>(missing).fill(0n), ...tail]
  return all.reduce((value, group) => (value << 16n) | group, 0n)
}

export function parseAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  const v4 = parseV4(text)
  if (v4 !== undefined) return { family: 4, value: v4 }
  const v6 = text.includes(':') ? parseV6(text) : undefined
  return v6 === undefined ? undefined : { family: 6, value: v6 }
}

function formatV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn))
  // RFC 5952: the longest run of zero groups, of two or more and the first of equals, is written "::".
  let [start, length] = [0, 1]
  for (let i = 0; i < 8; ++i) {
    let run = 0
    while (groups[i + run] === 0) ++run
    if (run > length) [start, length] = [i, run]
  }
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(':')
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

export function formatAddress(family: 4 | 6, value: bigint): string {
  if (family === 6) return formatV6(value)
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.')
}

export const formatCidr = (cidr: Cidr) => `${formatAddress(cidr.family, cidr.network)}/${cidr.prefix}`

export const contains = (outer: Cidr, inner: Cidr) =>
  outer.family === inner.family && outer.prefix <= inner.prefix && masked(inner.network, outer) === outer.network

function masked(value: bigint, { family, prefix }: { family: 4 | 6; prefix: number }): bigint {
  const hostBits = BigInt(widthOf(family) - prefix)
  return (value >> hostBits) << hostBits
}

export function parseCidr(text: string): Parsed {
  const slash = text.indexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const address = parseAddress(host)
  if (!address) {
    return { ok: false, message: 'Not an IPv4 or IPv6 address. Write a block such as 203.0.113.5/32.' }
  }
  const { family, value } = address
  const width = widthOf(family)
  if (family === 6 && value >> 32n === 0xffffn) {
    const v4 = { family: 4 as const, network: value & 0xffffffffn, prefix: 32 }
    return { ok: false, message: 'An IPv4 address written as IPv6.', suggestion: formatCidr(v4) }
  }
  if (slash < 0) {
    const suggestion = formatCidr({ family, network: value, prefix: width })
    return { ok: false, message: 'The prefix length is missing.', suggestion }
  }
  const digits = text.slice(slash + 1)
  if (!/^(0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > width) {
    return { ok: false, message: `The prefix length must be a number from 0 to ${width}.` }
  }
  const prefix = Number(digits)
  const network = masked(value, { family, prefix })
  if (network !== value) {
    const suggestion = formatCidr({ family, network, prefix })
    return { ok: false, message: `Host bits are set: /${prefix} leaves them no place.`, suggestion }
  }
  return { ok: true, cidr: { family, network, prefix } }
}

// What stands in a pasted list: blocks apart by spaces, line breaks, commas or semicolons, with or without the
// quotes and brackets of JSON; what follows a '#' is a comment.
export function splitList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .flatMap((line) => line.replace(/#.*/, '').split(/[\s,;"'[\]]+/))
    .filter((word) => word !== '')
}
