// The access entries of a cluster, as pages ask for them and change them.

import {
  AssociateAccessPolicyCommand, CreateAccessEntryCommand, DeleteAccessEntryCommand, DescribeAccessEntryCommand,
  DisassociateAccessPolicyCommand, ListAccessEntriesCommand, ListAccessPoliciesCommand,
  ListAssociatedAccessPoliciesCommand, UpdateAccessEntryCommand,
  type AccessEntry, type AccessPolicy, type AssociatedAccessPolicy, type EKSClient,
} from '@aws-sdk/client-eks'
import type { PolicyDraft } from '../entries'
import { each } from './each'
import { everyPage } from './pages'

export type Entry = AccessEntry & { policies: AssociatedAccessPolicy[] }

export interface NewEntry {
  principalArn: string
  type: string
  username?: string
  kubernetesGroups?: string[]
}

export class Entries {
  constructor(private readonly client: EKSClient, private readonly clusterName: string) {}

  principals(signal: AbortSignal): Promise<string[]> {
    return everyPage(
      (nextToken) => this.client.send(
        new ListAccessEntriesCommand({ clusterName: this.clusterName, nextToken, maxResults: 100 }), { abortSignal: signal }),
      ({ accessEntries }) => accessEntries)
  }

  // Those of `principals`, in their order; of one that the caller may list but not see there is the principal alone.
  async of(principals: readonly string[], signal: AbortSignal): Promise<Entry[]> {
    const entries = await each(principals, async (principalArn) => {
      try {
        return await this.one(principalArn, signal)
      } catch (error) {
        const name = error instanceof Error ? error.name : ''
        if (name === 'ResourceNotFoundException') return undefined // deleted since it was listed
        if (name === 'AccessDeniedException') return { principalArn, policies: [] }
        throw error
      }
    })
    return entries.filter((entry) => entry !== undefined)
  }

  async one(principalArn: string, signal: AbortSignal): Promise<Entry> {
    const options = { abortSignal: signal }
    const { accessEntry } = await this.client.send(new DescribeAccessEntryCommand(this.named(principalArn)), options)
    const policies = await everyPage(
      (nextToken) => this.client.send(new ListAssociatedAccessPoliciesCommand({ ...this.named(principalArn), nextToken }), options),
      ({ associatedAccessPolicies }) => associatedAccessPolicies)
    return { ...accessEntry, policies }
  }

  async create(entry: NewEntry): Promise<void> {
    await this.client.send(new CreateAccessEntryCommand({ clusterName: this.clusterName, ...entry }))
  }

  async update(principalArn: string, change: { username?: string; kubernetesGroups?: string[] }): Promise<void> {
    await this.client.send(new UpdateAccessEntryCommand({ ...this.named(principalArn), ...change }))
  }

  async remove(principalArn: string): Promise<void> {
    await this.client.send(new DeleteAccessEntryCommand(this.named(principalArn)))
  }

  // A policy that is associated already gets the new scope.
  async associate(principalArn: string, { policyArn, namespaces }: PolicyDraft): Promise<void> {
    const accessScope = namespaces.length > 0 ? { type: 'namespace' as const, namespaces } : { type: 'cluster' as const }
    await this.client.send(new AssociateAccessPolicyCommand({ ...this.named(principalArn), policyArn, accessScope }))
  }

  async disassociate(principalArn: string, policyArn: string): Promise<void> {
    await this.client.send(new DisassociateAccessPolicyCommand({ ...this.named(principalArn), policyArn }))
  }

  private named(principalArn: string) {
    return { clusterName: this.clusterName, principalArn }
  }
}

// Those that the server knows, for a choice among them.
export function accessPolicies(client: EKSClient, signal: AbortSignal): Promise<AccessPolicy[]> {
  return everyPage(
    (nextToken) => client.send(new ListAccessPoliciesCommand({ nextToken }), { abortSignal: signal }),
    (page) => page.accessPolicies)
}
