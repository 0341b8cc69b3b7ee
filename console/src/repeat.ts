export interface Page extends EventTarget {
  readonly hidden: boolean
}

// Does `work` again and again while somebody can see the page: `pause` milliseconds after it was last done, or as soon as
// the page is in view again where that is later. Answers with what ends it, and `work` with it. `work` does not fail: what goes
// wrong is for it to tell.
export function repeat(work: (signal: AbortSignal) => Promise<void> | void, pause: number, page: Page = document): () => void {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let overdue = false
  const due = async () => {
    overdue = page.hidden
    if (overdue) return
    await work(abort.signal)
    if (!abort.signal.aborted) timer = setTimeout(() => void due(), pause)
  }
  timer = setTimeout(() => void due(), pause)
  const seen = () => {
    if (overdue) void due()
  }
  page.addEventListener('visibilitychange', seen)
  return () => {
    abort.abort()
    clearTimeout(timer)
    page.removeEventListener('visibilitychange', seen)
  }
}
