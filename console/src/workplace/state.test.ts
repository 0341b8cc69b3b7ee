import { expect, it } from 'vitest'
import type { Message } from './messages'
import { endingWords, next, type State } from './state'

const opened: Message = { type: 'opened', session: 'ws-1', cluster: 'prod', idleSeconds: 900, endsAt: 1000 }
const open = next({ at: 'opening' }, { what: 'message', message: opened })
const hear = (state: State, message: Message) => next(state, { what: 'message', message })

it('opens when the workplace says so', () => {
  expect(open).toEqual({ at: 'open', session: 'ws-1', endsAt: new Date(1_000_000) })
})

it('takes a warning of idleness back when something is typed, and no other', () => {
  const idle = hear(open, { type: 'ending', reason: 'idle', seconds: 60 })
  expect(idle).toMatchObject({ ending: { reason: 'idle', seconds: 60 } })
  expect(next(idle, { what: 'typed' })).toEqual(open)
  const expired = hear(open, { type: 'ending', reason: 'expired', seconds: 60 })
  expect(next(expired, { what: 'typed' })).toBe(expired)
})

it('remembers why it ended when the connection closes after', () => {
  const ended = hear(open, { type: 'ended', reason: 'idle', code: 0, message: '' })
  expect(ended).toMatchObject({ at: 'ended', ok: false, words: expect.stringContaining('nothing was typed') })
  expect(next(ended, { what: 'closed' })).toBe(ended)
})

it('says that a connection broke, before and after it was open', () => {
  expect(next({ at: 'opening' }, { what: 'closed' })).toMatchObject({ at: 'ended', words: expect.stringContaining('could not be opened') })
  expect(next(open, { what: 'closed' })).toMatchObject({ at: 'ended', words: expect.stringContaining('broke') })
  const refused = next({ at: 'opening' }, { what: 'refused', why: { name: 'AccessDeniedException', message: 'no' } })
  expect(next(refused, { what: 'closed' })).toBe(refused)
  expect(next(refused, { what: 'ask' })).toEqual({ at: 'opening' })
})

it('tells a good end from a bad one', () => {
  expect(hear(open, { type: 'ended', reason: 'exit', code: 0, message: '' })).toMatchObject({ ok: true })
  expect(hear(open, { type: 'ended', reason: 'exit', code: 1, message: '' })).toMatchObject({ ok: false })
  expect(endingWords('exit', 7, '')).toBe('The shell has ended with 7.')
  expect(endingWords('failed', 0, 'no sandbox')).toBe('The workplace failed. no sandbox')
  expect(endingWords('revoked', 0, 'Its cluster was deleted.')).toBe('The workplace was ended by the API server. Its cluster was deleted.')
})
