// Where in the console one is: the part of the address behind '#', which no server sees.

import { formatCidr, parseCidr } from './cidr'

export const kTabs = ['overview', 'networking', 'access', 'updates', 'tags'] as const
export type Tab = (typeof kTabs)[number]

export type Route =
  | { page: 'clusters' }
  | { page: 'create' }
  | { page: 'cluster'; name: string; tab: Tab }
  | { page: 'manage-access'; name: string; allow?: string } // a block for the allowlist's draft
  | { page: 'unknown' }

export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, '').split('/').filter((part) => part !== '').map(decode)
  if (parts.length === 0 || (parts.length === 1 && parts[0] === 'clusters')) return { page: 'clusters' }
  if (parts.length === 1 && parts[0] === 'create-cluster') return { page: 'create' }
  const [root, name, what = 'overview', ...rest] = parts
  if (root === 'clusters' && name && what === 'manage-endpoint-access' && rest.length === 2 && rest[0] === 'allow') {
    const block = parseCidr(rest[1] ?? '')
    return block.ok ? { page: 'manage-access', name, allow: formatCidr(block.cidr) } : { page: 'unknown' }
  }
  if (root !== 'clusters' || !name || rest.length > 0) return { page: 'unknown' }
  if (what === 'manage-endpoint-access') return { page: 'manage-access', name }
  const tab = kTabs.find((known) => known === what)
  return tab ? { page: 'cluster', name, tab } : { page: 'unknown' }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const of = (name: string, what: string) => `#/clusters/${encodeURIComponent(name)}/${what}`

export const href = {
  clusters: '#/clusters',
  create: '#/create-cluster',
  cluster: (name: string, tab: Tab = 'overview') => of(name, tab),
  manageAccess: (name: string) => of(name, 'manage-endpoint-access'),
  allow: (name: string, block: string) => `${of(name, 'manage-endpoint-access')}/allow/${encodeURIComponent(block)}`,
}

export const go = (to: string) => {
  window.location.hash = to
}
