// Sallyport adds a member `sallyport` to some answers, which the SDK drops as it drops every member it does not know.
// This puts it back into the parsed answer.

import type { EKSClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-eks'
import type { DeserializeMiddleware } from '@smithy/types'

export interface UpdateExtension {
  step?: string
  connectionsCut?: number
  revision?: number
  warnings?: string[]
}

type Members = Record<string, unknown>
const kRaw = 'sallyportRaw'

function graft(output: unknown, raw: unknown) {
  if (!isMembers(output) || !isMembers(raw)) return
  for (const [name, value] of Object.entries(raw)) {
    if (name === 'sallyport') output[name] = value
    else graft(output[name], value)
  }
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

type Middleware = DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes>

const read: Middleware = (next, context) => async (args) => {
  const result = await next(args)
  const response = result.response as { body?: BodyInit | null }
  const text = await new Response(response.body ?? null).text()
  response.body = new Response(text).body
  try {
    ;(context as Members)[kRaw] = JSON.parse(text)
  } catch {
    // Not JSON: the deserializer says so.
  }
  return result
}

const add: Middleware = (next, context) => async (args) => {
  const result = await next(args)
  graft(result.output, (context as Members)[kRaw])
  return result
}

export function keepExtension(client: EKSClient) {
  const beside = { toMiddleware: 'deserializerMiddleware' } as const
  client.middlewareStack.addRelativeTo(read, { ...beside, relation: 'after', name: 'readSallyportMember' })
  client.middlewareStack.addRelativeTo(add, { ...beside, relation: 'before', name: 'addSallyportMember' })
}
