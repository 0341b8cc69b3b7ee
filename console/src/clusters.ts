// Clusters as a list shows them.

import { modeOf, openTo } from './access'
import { accessOf, type Cluster } from './aws/eks'

export interface ClusterRow {
  name: string
  seen: boolean // false: listed, and not looked at yet
  status: string
  access: string
  version: string
  endpoint: string
  open: boolean
  created: Date | undefined
}

export function rowOf(cluster: Cluster): ClusterRow {
  const access = accessOf(cluster)
  return {
    name: cluster.name ?? '',
    seen: true,
    status: cluster.status ?? '',
    access: cluster.resourcesVpcConfig ? modeOf(access) : '',
    version: cluster.version ?? '',
    endpoint: cluster.endpoint ?? '',
    open: access.publicAccess && openTo(access.cidrs) !== undefined,
    created: cluster.createdAt,
  }
}

const kSettling = new Set(['CREATING', 'DELETING', 'UPDATING', 'PENDING'])

// Whether a cluster of that status is on its way to another.
export const isSettling = (status: string | undefined) => kSettling.has(status ?? '')

// What was found out of some of the clusters, by name; nothing: it is gone.
export type Found = ReadonlyMap<string, ClusterRow | undefined>

// The rows of `names`, in their order: as they were found, else as they were before, else not seen yet.
export function rowsOf(names: readonly string[], found: Found, before: readonly ClusterRow[]): ClusterRow[] {
  const known = new Map(before.map((row) => [row.name, row]))
  return names.flatMap((name) => {
    const row = found.has(name) ? found.get(name) : known.get(name) ?? { ...rowOf({ name }), seen: false }
    return row ? [row] : []
  })
}
