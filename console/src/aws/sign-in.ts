// Whose keys these are, and the exchange of keys for a role's.

import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { configOf, type Access } from './client'

export interface Caller {
  arn: string
  account: string
}

export async function callerOf(access: Access): Promise<Caller> {
  const answer = await new STSClient(configOf(access)).send(new GetCallerIdentityCommand({}))
  return { arn: answer.Arn ?? '', account: answer.Account ?? '' }
}

// Temporary keys of the role, with the time when they end.
export async function assume(access: Access, roleArn: string): Promise<{ access: Access; expires?: Date }> {
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'console' })
  const given = (await new STSClient(configOf(access)).send(command)).Credentials
  if (!given?.AccessKeyId || !given.SecretAccessKey) throw new Error('AssumeRole answered without credentials.')
  const keys = {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    ...(given.SessionToken ? { sessionToken: given.SessionToken } : {}),
  }
  return { access: { ...access, keys }, ...(given.Expiration ? { expires: given.Expiration } : {}) }
}
