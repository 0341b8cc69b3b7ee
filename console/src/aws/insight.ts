// Sallyport's own operations, which the SDK has not: who can reach a cluster and why, what an update would
// cut, and a shell inside the VPC.

import type { EKSClient } from '@aws-sdk/client-eks'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AccessRequest } from '../access'
import type { Access } from './client'

export interface Explanation {
  host: string
  source: string
  seenAs: string
  dns: { status: string; addresses: string[]; ttl: number }
  arrival: { side: 'public' | 'private'; vpc?: string }
  decision: { allow: boolean; reason: string; matchedRule: string; description: string }
  reachable: boolean
  sentences: string[]
}

export interface Preview {
  warnings: string[]
  // Absent where the API runs apart from the gateways.
  connections?: {
    cut: number
    kept: number
    cutSources: { source: string; side: 'public' | 'private'; connections: number }[]
    cutSourcesOmitted: number
    inEarlierProcesses: number // relays of any cluster that a restart left behind: not among these
  }
}

export interface WorkplaceTicket {
  ticket: string // opens the shell, once
  session: string
  idleSeconds: number
  endsAt: number // seconds since 1970
}

export interface SourceTraffic {
  source: string
  side: 'public' | 'private'
  connections: number // at least
  uncertain?: number // and at most so many more
  lastSeen: string
  allowedNow: boolean
  reason?: string
  droppedBy?: 'kernel-filter'
}

interface TrafficOf {
  connections: number
  sources: SourceTraffic[]
  sourcesOmitted: number
}

export interface Traffic {
  since: string
  intervalSeconds: number
  intervals: { start: string; allowed: number; denied: number; unnamed: number }[]
  allowed: TrafficOf
  denied: TrafficOf
  unnamed: TrafficOf & { since: string } // denied before they named a cluster, at the listeners that serve this one
  kernelFilter: { active: boolean; droppedSyns: number; sourcesKnown: boolean; note: string }
  untracked: number
}

// An error as the SDK throws them.
class InsightError extends Error {
  constructor(name: string, message: string, readonly $metadata: { requestId?: string }) {
    super(message)
    this.name = name
  }
}

export class Insight {
  private readonly signer: SignatureV4

  constructor(access: Access, eks: EKSClient) {
    this.signer = new SignatureV4({
      service: 'sallyport', region: access.region, credentials: access.keys, sha256: eks.config.sha256,
    })
  }

  explain(cluster: string, source: string, vpc: string | undefined, signal: AbortSignal): Promise<Explanation> {
    return this.call('GET', `${of(cluster)}/explain`, { source, ...(vpc ? { vpc } : {}) }, undefined, signal)
  }

  preview(cluster: string, change: AccessRequest, signal: AbortSignal): Promise<Preview> {
    return this.call('POST', `${of(cluster)}/preview-update`, {}, JSON.stringify({ resourcesVpcConfig: change }), signal)
  }

  openWorkplace(cluster: string, signal: AbortSignal): Promise<WorkplaceTicket> {
    return this.call('POST', `${of(cluster)}/workplace`, {}, '{}', signal)
  }

  // Nothing where the API runs apart from the gateways.
  async traffic(cluster: string, signal: AbortSignal): Promise<Traffic | undefined> {
    const answer = await this.call<{ traffic?: Traffic }>('GET', `${of(cluster)}/traffic`, {}, undefined, signal)
    return answer.traffic
  }

  private async call<T>(method: string, path: string, query: Record<string, string>, body: string | undefined,
                        signal: AbortSignal): Promise<T> {
    const { protocol, hostname, port, host, origin } = window.location
    const signed = await this.signer.sign({
      method, protocol, hostname, path, query, body,
      ...(port ? { port: Number(port) } : {}),
      headers: { host, ...(body ? { 'content-type': 'application/json' } : {}) },
    })
    const { host: _, ...headers } = signed.headers // the browser sets it, to the same
    const search = Object.entries(query).map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&')
    const answer = await fetch(`${origin}${path}${search && `?${search}`}`, { method, headers, signal, body: body ?? null })
    const content = contentOf(await answer.text()) as (T & { message?: string }) | undefined
    if (answer.ok && content) return content
    const requestId = answer.headers.get('x-amzn-RequestId')
    throw new InsightError(answer.headers.get('x-amzn-ErrorType')?.split(':')[0] ?? `Status ${answer.status}`,
                           content?.message ?? (answer.statusText || 'The answer is not of Sallyport.'), requestId ? { requestId } : {})
  }
}

// Nothing where it is not JSON: something between here and the server may answer instead.
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const of = (cluster: string) => `/sallyport/clusters/${escape(cluster)}`

// As the signature has it: RFC 3986's unreserved characters stay, and no other.
const escape = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
