import { useEffect, useRef, useState } from 'react'
import { told, type Told } from './aws/errors'
import { useSession } from './session'

export interface Act {
  busy: boolean
  refused: Told | undefined // why the last try failed
  act: (work: () => Promise<void>) => Promise<boolean> // whether it was done and the page is still there; it stays busy then, as the page moves on
  reset: () => void
}

// Something that a person asked for and that may be refused.
export function useAct(): Act {
  const { notices, report } = useSession()
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => { here.current = false }
  }, [])
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Told>()
  return {
    busy,
    refused,
    async act(work) {
      setBusy(true)
      setRefused(undefined)
      try {
        await work()
        return here.current
      } catch (error) {
        const words = told(error)
        report(words)
        if (!here.current) {
          notices.miss(words)
          return false
        }
        setRefused(words)
        setBusy(false)
        return false
      }
    },
    reset() {
      setBusy(false)
      setRefused(undefined)
    },
  }
}
