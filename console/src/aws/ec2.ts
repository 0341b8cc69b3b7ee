// The network around a cluster. In a chunk of its own: only the Networking tab loads it.

import {
  DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client,
  type SecurityGroup, type Subnet, type Tag, type Vpc,
} from '@aws-sdk/client-ec2'
import { configOf, type Access } from './client'

export interface Network {
  vpc?: Vpc
  subnets: Subnet[]
  groups: SecurityGroup[]
}

// All VPCs of the account, for a choice among them.
export async function vpcsOf(access: Access, signal: AbortSignal): Promise<Vpc[]> {
  const answer = await new EC2Client(configOf(access)).send(new DescribeVpcsCommand({}), { abortSignal: signal })
  return answer.Vpcs ?? []
}

export interface Networks {
  vpcs: Vpc[]
  subnets: Subnet[]
  groups: SecurityGroup[]
}

// All that a new cluster may be placed in.
export async function allNetworks(access: Access, signal: AbortSignal): Promise<Networks> {
  const client = new EC2Client(configOf(access))
  const options = { abortSignal: signal }
  const [vpcs, subnets, groups] = await Promise.all([
    client.send(new DescribeVpcsCommand({}), options),
    client.send(new DescribeSubnetsCommand({}), options),
    client.send(new DescribeSecurityGroupsCommand({}), options),
  ])
  return { vpcs: vpcs.Vpcs ?? [], subnets: subnets.Subnets ?? [], groups: groups.SecurityGroups ?? [] }
}

export const nameOf = (tags: Tag[] | undefined) => tags?.find((tag) => tag.Key === 'Name')?.Value

export async function networkOf(access: Access, vpcId: string, subnetIds: string[], groupIds: string[],
                                signal: AbortSignal): Promise<Network> {
  const client = new EC2Client(configOf(access))
  const options = { abortSignal: signal }
  const filter = (Name: string, Values: string[]) => ({ Filters: [{ Name, Values }] })
  // By filters and not by ids: what was deleted since is left out and does not fail the rest.
  const [vpcs, subnets, groups] = await Promise.all([
    client.send(new DescribeVpcsCommand(filter('vpc-id', [vpcId])), options),
    client.send(new DescribeSubnetsCommand(filter('subnet-id', subnetIds)), options),
    groupIds.length > 0 ? client.send(new DescribeSecurityGroupsCommand(filter('group-id', groupIds)), options) : undefined,
  ])
  const vpc = vpcs.Vpcs?.[0]
  return { ...(vpc ? { vpc } : {}), subnets: subnets.Subnets ?? [], groups: groups?.SecurityGroups ?? [] }
}
