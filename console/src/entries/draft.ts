// An access entry as it is typed, and what saving it asks of the service. Pure.

import type { AccessEntry, AssociatedAccessPolicy } from '@aws-sdk/client-eks'

export interface PolicyRow {
  arn: string
  scope: 'cluster' | 'namespace'
  namespaces: string // as typed
}

export interface EntryDraft {
  principalArn: string
  type: string
  username: string // empty: the service's choice
  groups: string // as typed
  policies: PolicyRow[]
}

export type KnownEntry = AccessEntry & { policies: AssociatedAccessPolicy[] }

export const kStandard = 'STANDARD'
export const kTypes: readonly { value: string; label: string }[] = [
  { value: kStandard, label: 'Standard' }, { value: 'EC2_LINUX', label: 'EC2 Linux' }, { value: 'EC2_WINDOWS', label: 'EC2 Windows' },
  { value: 'EC2', label: 'EC2' }, { value: 'FARGATE_LINUX', label: 'Fargate Linux' }, { value: 'HYBRID_LINUX', label: 'Hybrid Linux' },
  { value: 'HYPERPOD_LINUX', label: 'HyperPod Linux' },
]

// The entries of nodes have user, groups and permissions by their type.
export const isOfPeople = (type: string) => type === kStandard

export const kNewEntry: EntryDraft = { principalArn: '', type: kStandard, username: '', groups: '', policies: [] }

export function draftOfEntry(entry: KnownEntry): EntryDraft {
  return {
    principalArn: entry.principalArn ?? '', type: entry.type ?? kStandard, username: entry.username ?? '',
    groups: (entry.kubernetesGroups ?? []).join('\n'),
    policies: entry.policies.map(({ policyArn, accessScope }) => ({
      arn: policyArn ?? '', scope: accessScope?.type === 'namespace' ? 'namespace' : 'cluster',
      namespaces: (accessScope?.namespaces ?? []).join(', '),
    })),
  }
}

// Names between commas, spaces and line breaks, each once.
export const namesIn = (text: string) => [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))]

export const policyName = (arn: string | undefined) => arn?.split('/').pop() ?? ''

export interface Faults {
  principalArn?: string
  policies: (string | undefined)[]
}

export function faultsOf(draft: EntryDraft): Faults {
  const policies = isOfPeople(draft.type) ? draft.policies : []
  return {
    ...(/^arn:[^:]+:iam::\d{12}:(root|user\/.+|role\/.+)$/.test(draft.principalArn.trim())
      ? {} : { principalArn: "The ARN of a user, of a role or of root: arn:aws:iam::<account>:role/<name>. A session's role is meant by the role's." }),
    policies: policies.map((row, at) => {
      if (!row.arn) return 'Choose a policy.'
      if (policies.findIndex((other) => other.arn === row.arn) !== at) return 'This policy is there already: name all its namespaces in one row.'
      if (row.scope === 'namespace' && namesIn(row.namespaces).length === 0) return 'Name one namespace or more.'
      return undefined
    }),
  }
}

export const isFaulty = (faults: Faults) => faults.principalArn !== undefined || faults.policies.some((fault) => fault !== undefined)

export interface Association {
  policyArn: string
  accessScope: { type: 'cluster' | 'namespace'; namespaces: string[] }
}

const associationOf = (row: PolicyRow): Association => ({
  policyArn: row.arn,
  accessScope: { type: row.scope, namespaces: row.scope === 'namespace' ? namesIn(row.namespaces) : [] },
})

// What to associate and what to end, to come from one to the other. Associating again replaces a policy's scope.
export function policyChanges(before: readonly PolicyRow[], after: readonly PolicyRow[]) {
  const had = new Map(before.map((row) => [row.arn, JSON.stringify(associationOf(row))]))
  return {
    associate: after.map(associationOf).filter((one) => had.get(one.policyArn) !== JSON.stringify(one)),
    disassociate: [...had.keys()].filter((arn) => !after.some((row) => row.arn === arn)),
  }
}

// Nothing where user and groups stay as they are.
export function identityChange(before: EntryDraft, after: EntryDraft): { username?: string; kubernetesGroups?: string[] } | undefined {
  const groups = namesIn(after.groups)
  const change = {
    ...(after.username.trim() !== before.username && after.username.trim() ? { username: after.username.trim() } : {}),
    ...(groups.join() !== namesIn(before.groups).join() ? { kubernetesGroups: groups } : {}),
  }
  return Object.keys(change).length > 0 ? change : undefined
}

export type Field = 'principalArn' | 'username' | 'groups' | 'policies'

// Which field a refusal of the service is about, as its words say.
export function fieldOf(message: string): Field | undefined {
  if (/kubernetes ?group/i.test(message)) return 'groups'
  if (/username/i.test(message)) return 'username'
  if (/namespace|policyArn|access ?policy|accessScope/i.test(message)) return 'policies'
  if (/principal|access entry resource is already in use/i.test(message)) return 'principalArn'
  return undefined
}
