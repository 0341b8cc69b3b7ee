// Clusters that are being deleted, followed until they are gone.

import { useMemo, useRef, useState } from 'react'
import type { Eks } from './aws/eks'
import { isAboutKeys, told } from './aws/errors'

export interface Deletion {
  cluster: string
  gone: boolean
  trouble?: string // why the last look failed, or why it will not go
}

export interface Deletions {
  all: Deletion[]
  follow: (eks: Eks, cluster: string) => void
  dismiss: (cluster: string) => void
  clear: () => void
}

const kPause = 1000 // milliseconds between looks

export function useDeletions(onEnd: () => void): Deletions {
  const [all, setAll] = useState<Deletion[]>([])
  const running = useRef(new Map<string, AbortController>())
  const end = useRef(onEnd)
  end.current = onEnd

  return useMemo(() => {
    const stop = (cluster: string) => {
      running.current.get(cluster)?.abort()
      running.current.delete(cluster)
    }
    const put = (deletion: Deletion) => {
      setAll((before) => before.map((one) => (one.cluster === deletion.cluster ? deletion : one)))
    }
    const look = async (eks: Eks, cluster: string, abort: AbortController) => {
      for (;;) {
        try {
          const { status, health } = await eks.cluster(cluster, abort.signal)
          if (abort.signal.aborted) return
          const why = health?.issues?.map((issue) => issue.message).join(' ')
          put({ cluster, gone: false, ...(why ? { trouble: why } : {}) })
          if (status !== 'DELETING') return put({ cluster, gone: false, trouble: why || `It is ${status} again.` })
        } catch (error) {
          if (abort.signal.aborted) return
          const words = told(error)
          if (words.name === 'ResourceNotFoundException') {
            put({ cluster, gone: true })
            return end.current()
          }
          put({ cluster, gone: false, trouble: words.message })
          if (isAboutKeys(words)) return
        }
        await new Promise((resolve) => setTimeout(resolve, kPause))
        if (abort.signal.aborted) return
      }
    }
    return {
      all,
      follow(eks: Eks, cluster: string) {
        stop(cluster)
        const abort = new AbortController()
        running.current.set(cluster, abort)
        setAll((before) => [{ cluster, gone: false }, ...before.filter((one) => one.cluster !== cluster)])
        void look(eks, cluster, abort)
      },
      dismiss(cluster: string) {
        stop(cluster)
        setAll((before) => before.filter((one) => one.cluster !== cluster))
      },
      clear() {
        for (const cluster of [...running.current.keys()]) stop(cluster)
        setAll([])
      },
    }
  }, [all])
}
