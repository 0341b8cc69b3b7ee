// Access entries as they are edited: their rules, as far as a form can tell them, and what of a draft is new.

import type { Told } from './aws/errors'

export const kStandard = 'STANDARD'

// The types as the EKS console calls them. All but the first are of nodes, whose user and groups are fixed.
export const kTypes: readonly { value: string; label: string }[] = [
  { value: kStandard, label: 'Standard' },
  { value: 'EC2_LINUX', label: 'EC2 Linux' },
  { value: 'EC2_WINDOWS', label: 'EC2 Windows' },
  { value: 'EC2', label: 'EC2' },
  { value: 'FARGATE_LINUX', label: 'Fargate Linux' },
  { value: 'HYBRID_LINUX', label: 'Hybrid Linux' },
  { value: 'HYPERPOD_LINUX', label: 'HyperPod Linux' },
]

export const typeLabel = (type: string | undefined) => kTypes.find(({ value }) => value === type)?.label ?? type ?? ''

export const kMaxGroups = 100
export const kMaxNamespaces = 100

export interface PolicyDraft {
  policyArn: string
  namespaces: string[] // none: the whole cluster
}

export const policyName = (arn: string | undefined) => arn?.split('/').pop() ?? ''

export function principalFault(arn: string): string | undefined {
  if (arn === '') return 'Required.'
  if (/^arn:[^:]*:sts::\d{12}:assumed-role\//.test(arn)) {
    return 'This is a session of a role. Write the ARN of the role: arn:aws:iam::<account>:role/<name>.'
  }
  if (!/^arn:[^:]+:iam::\d{12}:(root|(user|role)\/.+)$/.test(arn)) {
    return 'Write the whole ARN of a user, a role or root, such as arn:aws:iam::000000000000:role/dev.'
  }
  return undefined
}

const kReserved = /^(system:|eks:|aws:|amazon:|iam:)/
const reserved = (text: string) => kReserved.exec(text)?.[1]

export function usernameFault(username: string): string | undefined {
  const start = reserved(username)
  return start && `A username does not begin with ${start}`
}

// Of each group; an empty row is left out when it is sent and is no fault.
export function groupFaults(groups: readonly string[]): (string | undefined)[] {
  const seen = new Set<string>()
  return groups.map((row) => {
    const group = row.trim()
    const start = reserved(group)
    if (start) return `A group's name does not begin with ${start}`
    if (group !== '' && seen.has(group)) return 'This group is there already.'
    seen.add(group)
    return undefined
  })
}

export const filled = (rows: readonly string[]) => rows.map((row) => row.trim()).filter((row) => row !== '')

// Namespaces as they are typed: apart by commas or spaces.
export const namespacesOf = (text: string) => [...new Set(filled(text.split(/[\s,]+/)))]

export function namespacesFault(namespaces: readonly string[]): string | undefined {
  if (namespaces.length === 0) return 'Write at least one namespace.'
  if (namespaces.length > kMaxNamespaces) return `At most ${kMaxNamespaces} namespaces.`
  const wrong = namespaces.find((name) => !/^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$/.test(name) || name.length > 63)
  return wrong && `"${wrong}" is no name of a namespace: lower-case letters, digits and hyphens, and * for any text.`
}

export interface Identity {
  username: string
  groups: string[]
}

// What UpdateAccessEntry is asked for: the members that change, and no other. The order of groups says nothing.
export function identityChange(before: Identity, after: Identity): { username?: string; kubernetesGroups?: string[] } {
  const groups = filled(after.groups)
  const same = groups.length === before.groups.length && groups.every((group) => before.groups.includes(group))
  return {
    ...(after.username.trim() === before.username ? {} : { username: after.username.trim() }),
    ...(same ? {} : { kubernetesGroups: groups }),
  }
}

export type EntryField = 'principal' | 'type' | 'username' | 'groups' | 'namespaces' | 'policy'

// Beside which field a refusal belongs. The service names the member it is about at the start of its message or, as EKS
// does for groups and principals, within it.
export function fieldOf({ name, message }: Told): EntryField | undefined {
  if (name === 'AccessDeniedException') return undefined
  if (name === 'ResourceInUseException' || /principalArn/.test(message)) return 'principal'
  if (/kubernetesGroups|kubernetes group name/i.test(message)) return 'groups'
  if (/username/i.test(message)) return 'username'
  if (/namespace/i.test(message)) return 'namespaces'
  if (/policyArn|access policy/i.test(message)) return 'policy'
  if (/^type\b/.test(message)) return 'type'
  return undefined
}
