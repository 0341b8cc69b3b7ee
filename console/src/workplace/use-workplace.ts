// One shell of a workplace: asked for, connected, and ended with the page.

import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { told } from '../aws/errors'
import { useSession } from '../session'
import { inputMessages, kSeenStep, parseMessage, protocolsFor, resizeMessage, seenMessage } from './messages'
import { next, type State } from './state'

export interface Terminal {
  write: (bytes: Uint8Array, shown: () => void) => void
  size: () => { columns: number; rows: number }
}

export interface Workplace {
  state: State
  type: (text: string) => void
  resize: (columns: number, rows: number) => void
  again: () => void
}

// `terminal` shows what comes, from its being there on.
export function useWorkplace(cluster: string, terminal: Terminal | undefined): Workplace {
  const { insight, report } = useSession()
  const [state, tell] = useReducer(next, { at: 'opening' })
  const [round, setRound] = useState(0)
  const socket = useRef<WebSocket>(undefined)

  useEffect(() => {
    if (!terminal) return
    const abort = new AbortController()
    const open = async () => {
      const { ticket } = await insight.openWorkplace(cluster, abort.signal)
      if (abort.signal.aborted) return
      const made = new WebSocket(window.location.origin.replace(/^http/, 'ws') + '/sallyport/workplace', protocolsFor(ticket))
      made.binaryType = 'arraybuffer'
      made.onopen = () => {
        const { columns, rows } = terminal.size()
        made.send(resizeMessage(columns, rows))
      }
      let shown = 0
      let said = 0
      const show = (bytes: Uint8Array) => terminal.write(bytes, () => {
        shown += bytes.length
        if (shown - said < kSeenStep || made.readyState !== WebSocket.OPEN) return
        said = shown
        made.send(seenMessage(shown))
      })
      made.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
        if (typeof data !== 'string') return show(new Uint8Array(data))
        const message = parseMessage(data)
        if (message) tell({ what: 'message', message })
      }
      made.onclose = () => {
        if (!abort.signal.aborted) tell({ what: 'closed' })
      }
      socket.current = made
    }
    tell({ what: 'ask' })
    open().catch((error: unknown) => {
      if (abort.signal.aborted) return
      const why = told(error)
      report(why)
      tell({ what: 'refused', why })
    })
    return () => {
      abort.abort()
      socket.current?.close(1000)
      socket.current = undefined
    }
  }, [insight, report, cluster, terminal, round])

  const send = useCallback((message: string | Uint8Array) => {
    if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(message)
  }, [])
  const type = useCallback((text: string) => {
    for (const piece of inputMessages(text)) send(piece)
    tell({ what: 'typed' })
  }, [send])
  const resize = useCallback((columns: number, rows: number) => send(resizeMessage(columns, rows)), [send])
  const again = useCallback(() => setRound((before) => before + 1), [])
  return { state, type, resize, again }
}
