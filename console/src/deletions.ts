// Clusters that are being deleted, followed until they are gone.

import { useMemo, useRef, useState } from 'react'
import type { Cluster, Eks } from './aws/eks'
import { isAboutKeys, told } from './aws/errors'

export interface Deletion {
  id: string
  cluster: string
  state: 'under way' | 'gone' | 'kept'
  words?: string // why it was kept, or why the last look at it failed
}

export interface Deletions {
  deletions: Deletion[]
  follow: (eks: Eks, deleted: Cluster) => void
  dismiss: (id: string) => void
  clear: () => void
  changes: number // grows with each deletion that began or ended, so that pages load again
}

const kPauses = [300, 500, 1000, 2000] // milliseconds between looks; the last goes on

// What a look at the cluster says of the deletion. A name may be another's by now: of one made later.
export function stateOf(deleted: Cluster, found: Cluster | undefined): Deletion['state'] {
  if (!found || found.createdAt?.getTime() !== deleted.createdAt?.getTime()) return 'gone'
  return found.status === 'DELETING' ? 'under way' : 'kept'
}

export function useDeletions(): Deletions {
  const [deletions, setDeletions] = useState<Deletion[]>([])
  const [changes, setChanges] = useState(0)
  const running = useRef(new Map<string, AbortController>())
  const count = useRef(0)

  // The same ones for as long as the page lives, as those of notices.
  const acts = useMemo(() => {
    const put = (deletion: Deletion) => setDeletions((all) => all.map((one) => (one.id === deletion.id ? deletion : one)))
    const look = async (eks: Eks, deleted: Cluster, before: Deletion, { signal }: AbortController) => {
      const name = before.cluster
      for (let round = 0; ; ++round) {
        await new Promise((resolve) => setTimeout(resolve, kPauses[Math.min(round, kPauses.length - 1)]))
        if (signal.aborted) return
        const { words: _, ...plain } = before
        let found: Cluster | undefined
        try {
          found = await eks.cluster(name, signal)
        } catch (error) {
          if (signal.aborted) return
          const trouble = told(error)
          if (trouble.name !== 'ResourceNotFoundException') {
            put({ ...plain, words: trouble.message })
            if (isAboutKeys(trouble) || trouble.name === 'AccessDeniedException') return
            continue
          }
        }
        const state = stateOf(deleted, found)
        put(state === 'kept'
          ? { ...plain, state, words: found?.health?.issues?.map(({ message }) => message).join(' ') || `It is ${found?.status}.` }
          : { ...plain, state })
        if (state === 'under way') continue
        running.current.delete(before.id)
        setChanges((before) => before + 1)
        return
      }
    }
    const stop = (id: string) => {
      running.current.get(id)?.abort()
      running.current.delete(id)
    }
    return {
      follow(eks: Eks, deleted: Cluster) {
        const abort = new AbortController()
        const deletion: Deletion = { id: `deletion ${++count.current}`, cluster: deleted.name ?? '', state: 'under way' }
        running.current.set(deletion.id, abort)
        setDeletions((all) => [deletion, ...all])
        setChanges((before) => before + 1)
        void look(eks, deleted, deletion, abort)
      },
      dismiss(id: string) {
        stop(id)
        setDeletions((all) => all.filter((one) => one.id !== id))
      },
      clear() {
        for (const id of [...running.current.keys()]) stop(id)
        setDeletions([])
      },
    }
  }, [])
  return useMemo(() => ({ ...acts, deletions, changes }), [acts, deletions, changes])
}
