import { useEffect, useRef } from 'react'
import { isAboutCidrs } from '../aws/errors'
import { useAct } from '../use-act'

export interface Submission {
  busy: boolean
  submit: (work: () => Promise<void>) => Promise<boolean>
  refusal: string | undefined
  refusedCidrs: string | undefined
}

// Sends a form that holds an allowlist. What the service refuses is shown beside the allowlist where it is about that,
// and `showAllowlist` brings it into view; above the buttons where it is not.
export function useSubmission(showAllowlist: () => void): Submission {
  const { busy, refused, act } = useAct()
  const aboutCidrs = refused !== undefined && isAboutCidrs(refused)
  const show = useRef(showAllowlist)
  show.current = showAllowlist
  useEffect(() => {
    if (aboutCidrs) show.current()
  }, [refused, aboutCidrs])
  return {
    busy,
    submit: act,
    refusal: refused && !aboutCidrs ? `${refused.name}: ${refused.message}` : undefined,
    refusedCidrs: aboutCidrs ? refused.message : undefined,
  }
}
