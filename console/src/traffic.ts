// What the Connections box makes of the server's answer.

import type { SourceTraffic, Traffic } from './aws/insight'
import { formatCidr, parseAddress } from './cidr'

export interface SourceRow {
  source: string
  side: 'public' | 'private'
  attempts: number
  uncertain: number
  reason: string // of the last one; empty where it was admitted
  lastSeen: Date
  allowedNow: boolean
}

const kKernel = 'kernel-filter'

// One row a source and side, those with the most attempts first.
export function rowsOf(...lists: readonly SourceTraffic[][]): SourceRow[] {
  const rows = new Map<string, SourceRow>()
  for (const one of lists.flat()) {
    const key = `${one.side} ${one.source}`
    const lastSeen = new Date(one.lastSeen)
    const reason = one.droppedBy ?? one.reason ?? ''
    const row = rows.get(key)
    if (!row) {
      rows.set(key, { source: one.source, side: one.side, attempts: one.connections, uncertain: one.uncertain ?? 0, reason,
                      lastSeen, allowedNow: one.allowedNow })
      continue
    }
    row.attempts += one.connections
    row.uncertain += one.uncertain ?? 0
    if (lastSeen >= row.lastSeen) Object.assign(row, { lastSeen, reason })
  }
  return [...rows.values()].sort((a, b) => b.attempts + b.uncertain - (a.attempts + a.uncertain) || b.attempts - a.attempts)
}

export const deniedRows = (traffic: Traffic) => rowsOf(traffic.denied.sources, traffic.unnamed.sources)
export const allowedRows = (traffic: Traffic) => rowsOf(traffic.allowed.sources)

const kReasons: Record<string, string> = {
  'no-public-cidr-match': 'Not in the public access source allowlist',
  'public-access-disabled': 'Public access is disabled',
  'private-access-disabled': 'Private access is disabled',
  'foreign-vpc': 'Asked at the private endpoint of another VPC',
  'not-connected': "Neither in the cluster's VPC nor in a connected network",
  'no-security-group-match': 'No security group admits it to TCP port 443',
  'cluster-not-serving': 'The cluster was not serving',
  'not-admitted-anywhere': 'Refused before it named a cluster: no cluster admits it there',
  [kKernel]: 'Dropped by the kernel filter before it named a cluster: no cluster admits it there',
}

export const reasonInWords = (reason: string) => kReasons[reason] ?? reason

// What would admit a source for which the allowlist is not the answer.
export function remedyOf(row: SourceRow, publicAccess: boolean): string | undefined {
  if (row.allowedNow) return 'Admitted by the setting in force now'
  if (row.side === 'public') return publicAccess ? undefined : 'Public access would have to be enabled'
  switch (row.reason) {
    case 'private-access-disabled': return 'Enable private access'
    case 'foreign-vpc': return "Use the endpoint of the cluster's own VPC"
    case 'no-security-group-match': return 'Add an inbound rule for TCP 443 to a security group of the cluster'
    case 'not-connected': return "Connect its network to the cluster's VPC by peering or a transit gateway"
    default: return "Be in the cluster's VPC or a connected network, with a security group that admits TCP 443"
  }
}

// The source alone, then the blocks around it that are commonly one network.
export function blocksAround(source: string): string[] {
  const address = parseAddress(source)
  if (!address) return []
  const width = address.family === 4 ? 32 : 128
  return (address.family === 4 ? [32, 24] : [128, 64]).map((prefix) => {
    const hostBits = BigInt(width - prefix)
    return formatCidr({ family: address.family, network: (address.value >> hostBits) << hostBits, prefix })
  })
}

export const countInWords = ({ attempts, uncertain }: Pick<SourceRow, 'attempts' | 'uncertain'>) =>
  uncertain > 0 ? `${attempts} to ${attempts + uncertain}` : String(attempts)

type Point = { x: Date; y: number }
export interface Series {
  allowed: Point[]
  denied: Point[]
  unnamed: Point[]
  from: Date
  to: Date
  most: number // of all in one interval, and at least 1
}

export function seriesOf({ intervals }: Pick<Traffic, 'intervals'>): Series {
  const points = (pick: (interval: Traffic['intervals'][number]) => number) =>
    intervals.map((interval) => ({ x: new Date(interval.start), y: pick(interval) }))
  return {
    allowed: points((interval) => interval.allowed),
    denied: points((interval) => interval.denied),
    unnamed: points((interval) => interval.unnamed),
    from: new Date(intervals[0]?.start ?? 0),
    to: new Date(intervals[intervals.length - 1]?.start ?? 0),
    most: Math.max(1, ...intervals.map(({ allowed, denied, unnamed }) => allowed + denied + unnamed)),
  }
}
