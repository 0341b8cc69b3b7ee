import { useMemo, useState } from 'react'
import { each } from './aws/each'
import { told, type Told } from './aws/errors'
import { isSettling, rowOf, rowsOf, type ClusterRow } from './clusters'
import { useSession } from './session'
import { useLoad } from './use-load'
import { useRepeat } from './use-repeat'

export interface Clusters {
  rows: readonly ClusterRow[] | undefined
  error: Told | undefined
  loading: boolean // all of them; to look again at some is not said
  refresh: () => void
}

const kShow = 1000 // milliseconds from one view of a long list to the next, while it is loaded

// All clusters, each looked at; and those on their way from one status to another looked at again and again.
export function useClusters(): Clusters {
  const { eks, notices, deletions, report } = useSession()
  const [rows, setRows] = useState<readonly ClusterRow[]>()
  const [trouble, setTrouble] = useState<Told>() // with the look at some

  const look = (names: readonly string[], signal: AbortSignal, onFound: (name: string, row: ClusterRow | undefined) => void) =>
    each(names, async (name) => {
      const cluster = await eks.listed(name, signal)
      onFound(name, cluster && rowOf(cluster))
    })

  const all = useLoad(async (signal) => {
    const names = await eks.names(signal)
    const found = new Map<string, ClusterRow | undefined>()
    let shown = Date.now()
    const show = () => {
      if (!signal.aborted) setRows((before) => rowsOf(names, found, before ?? []))
      shown = Date.now()
    }
    await look(names, signal, (name, row) => {
      found.set(name, row)
      if (Date.now() - shown > kShow) show()
    })
    show()
    if (!signal.aborted) setTrouble(undefined)
  }, [eks, notices.ended, deletions.changes])

  const settling = useMemo(() => rows?.filter(({ status }) => isSettling(status)).map(({ name }) => name) ?? [], [rows])
  useRepeat(settling.length > 0 && !all.loading, async (signal) => {
    try {
      const found = new Map<string, ClusterRow | undefined>()
      await look(settling, signal, (name, row) => found.set(name, row))
      if (signal.aborted) return
      setRows((before) => before && rowsOf(before.map(({ name }) => name), found, before))
      setTrouble(undefined)
    } catch (error) {
      if (signal.aborted) return
      report(told(error))
      setTrouble(told(error))
    }
  })

  return { rows, error: all.error ?? trouble, loading: all.loading, refresh: all.refresh }
}
