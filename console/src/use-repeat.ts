import { useEffect, useRef } from 'react'
import { repeat } from './repeat'

const kLookAgain = 3000 // milliseconds

// Repeats `work`, as it is at the time, while `active` and while the page is in view.
export function useRepeat(active: boolean, work: (signal: AbortSignal) => Promise<void> | void, pause = kLookAgain) {
  const latest = useRef(work)
  latest.current = work
  useEffect(() => (active ? repeat((signal) => latest.current(signal), pause) : undefined), [active, pause])
}
