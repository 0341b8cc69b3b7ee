// What page and workplace say to each other (docs/adr/0034-workplace.md): terminal bytes in binary frames, this in text
// frames.

export const kProtocol = 'sallyport-terminal.v1'
export const protocolsFor = (ticket: string) => [kProtocol, `sallyport-ticket.${ticket}`]

// A message may hold so much of what is typed or pasted.
export const kMostInputBytes = 64 * 1024

export type EndReason = 'exit' | 'idle' | 'expired' | 'draining' | 'failed' | 'revoked'

export type Message =
  | { type: 'opened'; session: string; cluster: string; idleSeconds: number; endsAt: number }
  | { type: 'ending'; reason: EndReason; seconds: number }
  | { type: 'ended'; reason: EndReason; code: number; message: string }

const kReasons: readonly EndReason[] = ['exit', 'idle', 'expired', 'draining', 'failed', 'revoked']

const reasonOf = (value: unknown): EndReason => kReasons.find((known) => known === value) ?? 'failed'
const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

// Nothing where it is not a message, or one that a newer workplace says.
export function parseMessage(text: string): Message | undefined {
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  switch (value.type) {
    case 'opened':
      return { type: 'opened', session: textOf(value.session), cluster: textOf(value.cluster),
               idleSeconds: numberOf(value.idleSeconds), endsAt: numberOf(value.endsAt) }
    case 'ending':
      return { type: 'ending', reason: reasonOf(value.reason), seconds: numberOf(value.seconds) }
    case 'ended':
      return { type: 'ended', reason: reasonOf(value.reason), code: numberOf(value.code), message: textOf(value.message) }
    default:
      return undefined
  }
}

// The host sends no more than 256 KiB ahead of what it hears was shown.
export const kSeenStep = 64 * 1024
export const seenMessage = (bytes: number) => JSON.stringify({ type: 'seen', bytes })

export const resizeMessage = (columns: number, rows: number) => JSON.stringify({ type: 'resize', columns, rows })

// What is typed, in pieces that a message may hold; characters outside ASCII take up to four bytes.
export function inputMessages(text: string): Uint8Array[] {
  const bytes = new TextEncoder().encode(text)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += kMostInputBytes) pieces.push(bytes.subarray(at, at + kMostInputBytes))
  return pieces
}

// Text without the control characters that could drive a shell or its terminal; tabs and line ends stay.
export const pasteable = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
