// Notices that outlive the page that caused them, and the updates they follow.

import { useMemo, useRef, useState } from 'react'
import { isAboutKeys, told, type Told } from './aws/errors'
import type { Eks, Update } from './aws/eks'

export interface Followed {
  cluster: string
  update: Update
  trouble?: string // why the last look at it failed
}

// What a page that is left by now was refused.
export interface Missed {
  id: string
  why: Told
}

export interface Notices {
  updates: Followed[]
  missed: Missed[]
  miss: (why: Told) => void
  follow: (eks: Eks, cluster: string, update: Update) => void
  dismiss: (id: string) => void
  clear: () => void
  ended: number // grows with each update that ended, so that pages load again
}

const kMostMissed = 5
const kPauses = [300, 300, 500, 1000, 2000] // milliseconds between looks; the last goes on

export function useNotices(): Notices {
  const [updates, setUpdates] = useState<Followed[]>([])
  const [missed, setMissed] = useState<Missed[]>([])
  const [ended, setEnded] = useState(0)
  const count = useRef(0)
  const running = useRef(new Map<string, AbortController>())

  // The same ones for as long as the page lives: pages hold them in the keys of their effects.
  const acts = useMemo(() => {
    const put = (followed: Followed) => {
      setUpdates((all) => all.map((one) => (one.update.id === followed.update.id ? followed : one)))
    }
    const look = async (eks: Eks, cluster: string, update: Update, abort: AbortController) => {
      for (let round = 0; update.status === 'InProgress'; ++round) {
        await new Promise((resolve) => setTimeout(resolve, kPauses[Math.min(round, kPauses.length - 1)]))
        if (abort.signal.aborted) return
        try {
          update = await eks.update(cluster, update.id ?? '', abort.signal)
          put({ cluster, update })
        } catch (error) {
          if (abort.signal.aborted) return
          const words = told(error)
          put({ cluster, update, trouble: words.message })
          if (isAboutKeys(words) || words.name === 'ResourceNotFoundException') return
        }
      }
      running.current.delete(update.id ?? '')
      setEnded((count) => count + 1)
    }
    const stop = (id: string) => {
      running.current.get(id)?.abort()
      running.current.delete(id)
    }
    return {
      follow(eks: Eks, cluster: string, update: Update) {
        const abort = new AbortController()
        running.current.set(update.id ?? '', abort)
        setUpdates((all) => [{ cluster, update }, ...all])
        void look(eks, cluster, update, abort)
      },
      miss(why: Told) {
        setMissed((all) => [{ id: `missed ${++count.current}`, why }, ...all].slice(0, kMostMissed))
      },
      dismiss(id: string) {
        stop(id)
        setUpdates((all) => all.filter((one) => one.update.id !== id))
        setMissed((all) => all.filter((one) => one.id !== id))
      },
      clear() {
        for (const id of [...running.current.keys()]) stop(id)
        setUpdates([])
        setMissed([])
      },
    }
  }, [])
  return useMemo(() => ({ ...acts, updates, missed, ended }), [acts, updates, missed, ended])
}
