import { useCallback, useEffect, useState } from 'react'
import { told, type Told } from './aws/errors'
import { useSession } from './session'

export interface Loaded<T> {
  data: T | undefined
  error: Told | undefined
  loading: boolean
  refresh: () => void
}

// Loads when `keys` change and when asked again; what was loaded stays in view while it is loaded again.
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const { report } = useSession()
  const [round, setRound] = useState(0)
  const [state, setState] = useState<Omit<Loaded<T>, 'refresh'>>({ data: undefined, error: undefined, loading: true })
  const refresh = useCallback(() => setRound((before) => before + 1), [])
  useEffect(() => {
    const abort = new AbortController()
    setState((before) => ({ ...before, loading: true }))
    load(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ data, error: undefined, loading: false })
      },
      (error: unknown) => {
        if (abort.signal.aborted) return
        const words = told(error)
        report(words)
        setState((before) => ({ ...before, error: words, loading: false }))
      },
    )
    return () => abort.abort()
    // `load` is made anew at every render; `keys` say when it loads something else.
  }, [...keys, round])
  return { ...state, refresh }
}
