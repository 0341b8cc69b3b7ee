// Where in the console one is: the part of the address behind '#', which no server sees.

import { formatCidr, parseCidr } from './cidr'

export const kTabs = ['overview', 'networking', 'access', 'updates', 'tags'] as const
export type Tab = (typeof kTabs)[number]

export type Route =
  | { page: 'clusters' }
  | { page: 'create' }
  | { page: 'cluster'; name: string; tab: Tab }
  | { page: 'manage-access'; name: string; allow?: string } // a block for the allowlist's draft
  | { page: 'workplace'; name: string }
  | { page: 'create-entry'; name: string }
  | { page: 'entry'; name: string; principal: string }
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
  if (root !== 'clusters' || !name) return { page: 'unknown' }
  if (what === 'access-entries' && rest.length === 1) return { page: 'entry', name, principal: rest[0] ?? '' }
  if (rest.length > 0) return { page: 'unknown' }
  if (what === 'create-access-entry') return { page: 'create-entry', name }
  if (what === 'manage-endpoint-access') return { page: 'manage-access', name }
  if (what === 'workplace') return { page: 'workplace', name }
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
  workplace: (name: string) => of(name, 'workplace'),
  manageAccess: (name: string) => of(name, 'manage-endpoint-access'),
  createEntry: (name: string) => of(name, 'create-access-entry'),
  entry: (name: string, principal: string) => of(name, `access-entries/${encodeURIComponent(principal)}`),
  allow: (name: string, block: string) => `${of(name, 'manage-endpoint-access')}/allow/${encodeURIComponent(block)}`,
}

export const go = (to: string) => {
  window.location.hash = to
}
