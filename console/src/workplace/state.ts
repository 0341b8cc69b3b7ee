// Where a workplace is between asked for and over. Pure.

import type { Told } from '../aws/errors'
import type { EndReason, Message } from './messages'

export type State =
  | { at: 'opening' }
  | { at: 'refused'; why: Told }
  | { at: 'open'; session: string; endsAt: Date; ending?: { reason: EndReason; seconds: number } }
  | { at: 'ended'; words: string; ok: boolean }

export type Happening =
  | { what: 'ask' }
  | { what: 'refused'; why: Told }
  | { what: 'message'; message: Message }
  | { what: 'typed' }
  | { what: 'closed' }

const kEndings: Record<Exclude<EndReason, 'exit'>, string> = {
  idle: 'The workplace was ended because nothing was typed for a while.',
  expired: 'The time of the workplace is over: its credentials end with it.',
  draining: 'The workplace was ended because its host or the API server stops. Start again in a moment.',
  failed: 'The workplace failed.',
  revoked: 'The workplace was ended by the API server.',
}

export function endingWords(reason: EndReason, code: number, message: string): string {
  if (reason === 'exit') return code === 0 ? 'The shell has ended.' : `The shell has ended with ${code}.`
  return message ? `${kEndings[reason]} ${message}` : kEndings[reason]
}

export function next(state: State, happening: Happening): State {
  switch (happening.what) {
    case 'ask':
      return { at: 'opening' }
    case 'refused':
      return { at: 'refused', why: happening.why }
    case 'typed':
      // Who types is not idle; the other endings come all the same.
      return state.at === 'open' && state.ending?.reason === 'idle' ? { at: 'open', session: state.session, endsAt: state.endsAt } : state
    case 'closed':
      if (state.at === 'ended' || state.at === 'refused') return state
      return { at: 'ended', ok: false, words: state.at === 'opening'
        ? 'The workplace could not be opened: the connection to it was refused or broke.'
        : 'The connection to the workplace broke. Its shell is ended.' }
    case 'message':
      return hear(state, happening.message)
  }
}

function hear(state: State, message: Message): State {
  switch (message.type) {
    case 'opened':
      return { at: 'open', session: message.session, endsAt: new Date(message.endsAt * 1000) }
    case 'ending':
      return state.at === 'open' ? { ...state, ending: { reason: message.reason, seconds: message.seconds } } : state
    case 'ended':
      return { at: 'ended', ok: message.reason === 'exit' && message.code === 0,
               words: endingWords(message.reason, message.code, message.message) }
  }
}
