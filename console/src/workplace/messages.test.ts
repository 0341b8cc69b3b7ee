import { expect, it } from 'vitest'
import { inputMessages, kMostInputBytes, parseMessage, pasteable, protocolsFor, resizeMessage } from './messages'

it('names the protocol first and carries the ticket beside it', () => {
  expect(protocolsFor('abc')).toEqual(['sallyport-terminal.v1', 'sallyport-ticket.abc'])
})

it('reads what the workplace says', () => {
  expect(parseMessage('{"type":"opened","session":"ws-1","cluster":"prod","idleSeconds":900,"endsAt":5}')).toEqual(
    { type: 'opened', session: 'ws-1', cluster: 'prod', idleSeconds: 900, endsAt: 5 })
  expect(parseMessage('{"type":"ending","reason":"idle","seconds":60}')).toEqual({ type: 'ending', reason: 'idle', seconds: 60 })
  expect(parseMessage('{"type":"ended","reason":"exit","code":3,"message":""}')).toEqual(
    { type: 'ended', reason: 'exit', code: 3, message: '' })
})

it.each(['', '{', 'null', '7', '[]', '{"type":"later"}'])('passes over %s', (text) => expect(parseMessage(text)).toBeUndefined())

it('takes an ending that it does not know for a failure', () => {
  expect(parseMessage('{"type":"ended","reason":"melted","code":"x"}')).toEqual(
    { type: 'ended', reason: 'failed', code: 0, message: '' })
})

it('says the size', () => expect(JSON.parse(resizeMessage(120, 40))).toEqual({ type: 'resize', columns: 120, rows: 40 }))

it('cuts what is pasted into pieces that together are the whole', () => {
  const text = 'ä'.repeat(kMostInputBytes)
  const pieces = inputMessages(text)
  expect(pieces.map((piece) => piece.length)).toEqual([kMostInputBytes, kMostInputBytes])
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0)
  expect(new TextDecoder().decode(whole)).toBe(text)
  expect(inputMessages('')).toEqual([])
})

it('takes from what is pasted whatever could end a bracketed paste', () => {
  expect(pasteable('ls\u001b[201~\nrm -r x\u0003\t\u009b201~ü\r\n')).toBe('ls[201~\nrm -r x\t201~ü\r\n')
})
