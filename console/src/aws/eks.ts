// The clusters, as pages ask for them.

import {
  CreateClusterCommand, DeleteClusterCommand, DescribeClusterCommand, DescribeUpdateCommand, EKSClient, ListClustersCommand,
  ListUpdatesCommand, TagResourceCommand, UntagResourceCommand, UpdateClusterConfigCommand,
  type AuthenticationMode, type Cluster, type CreateClusterCommandInput, type Update as AwsUpdate,
  type UpdateClusterConfigCommandInput,
} from '@aws-sdk/client-eks'
import type { AccessRequest, EndpointAccess } from '../access'
import { each } from './each'
import { configOf, type Access } from './client'
import { keepExtension, type UpdateExtension } from './extension'
import { everyPage } from './pages'

export type { AuthenticationMode, Cluster }
export type Update = AwsUpdate & { sallyport?: UpdateExtension }

export function accessOf(cluster: Cluster): EndpointAccess {
  const config = cluster.resourcesVpcConfig
  return {
    privateAccess: config?.endpointPrivateAccess ?? false,
    publicAccess: config?.endpointPublicAccess ?? false,
    cidrs: config?.publicAccessCidrs ?? [],
  }
}

export class Eks {
  readonly client: EKSClient

  constructor(access: Access) {
    this.client = new EKSClient(configOf(access))
    keepExtension(this.client)
  }

  names(signal: AbortSignal): Promise<string[]> {
    return everyPage(
      (nextToken) => this.client.send(new ListClustersCommand({ nextToken, maxResults: 100 }), { abortSignal: signal }),
      ({ clusters }) => clusters)
  }

  // Of a name that was listed: nothing where the cluster is gone since, its name alone where it is not for this caller to see.
  async listed(name: string, signal: AbortSignal): Promise<Cluster | undefined> {
    try {
      return await this.cluster(name, signal)
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
      if (error instanceof Error && error.name === 'AccessDeniedException') return { name }
      throw error
    }
  }

  async cluster(name: string, signal?: AbortSignal): Promise<Cluster> {
    const answer = await this.client.send(new DescribeClusterCommand({ name }), signal ? { abortSignal: signal } : {})
    return answer.cluster ?? { name }
  }

  async create(cluster: CreateClusterCommandInput): Promise<void> {
    await this.client.send(new CreateClusterCommand(cluster))
  }

  // Answered when it has begun, with the cluster as it then is.
  async remove(name: string): Promise<Cluster> {
    return (await this.client.send(new DeleteClusterCommand({ name }))).cluster ?? { name }
  }

  changeAccess(name: string, change: AccessRequest): Promise<Update> {
    return this.change({ name, resourcesVpcConfig: change })
  }

  changeProtection(name: string, deletionProtection: boolean): Promise<Update> {
    return this.change({ name, deletionProtection })
  }

  changeAuthentication(name: string, authenticationMode: AuthenticationMode): Promise<Update> {
    return this.change({ name, accessConfig: { authenticationMode } })
  }

  async changeTags(resourceArn: string, { put, remove }: { put: Record<string, string>; remove: string[] }): Promise<void> {
    if (remove.length > 0) await this.client.send(new UntagResourceCommand({ resourceArn, tagKeys: remove }))
    if (Object.keys(put).length > 0) await this.client.send(new TagResourceCommand({ resourceArn, tags: put }))
  }

  async update(name: string, updateId: string, signal: AbortSignal): Promise<Update> {
    const command = new DescribeUpdateCommand({ name, updateId })
    return (await this.client.send(command, { abortSignal: signal })).update ?? {}
  }

  // The latest, newest first.
  async updates(name: string, signal: AbortSignal, limit = 50): Promise<Update[]> {
    const page = await this.client.send(new ListUpdatesCommand({ name, maxResults: limit }), { abortSignal: signal })
    const updates = await each(page.updateIds ?? [], (id) => this.update(name, id, signal))
    return updates.sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
  }

  // One thing at a time: the service takes no more in one update.
  private async change(change: UpdateClusterConfigCommandInput): Promise<Update> {
    return (await this.client.send(new UpdateClusterConfigCommand(change))).update ?? {}
  }
}
