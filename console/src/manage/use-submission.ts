import { useState } from 'react'
import { isAboutCidrs, told, type Told } from '../aws/errors'
import { useSession } from '../session'

export interface Submission {
  busy: boolean
  submit: (work: () => Promise<void>) => Promise<void>
  refusal: string | undefined
  refusedCidrs: string | undefined
}

// Sends a form that holds an allowlist. What the service refuses is shown beside the allowlist where it is about that,
// and `showAllowlist` brings it into view; above the buttons where it is not.
export function useSubmission(showAllowlist: () => void): Submission {
  const { report } = useSession()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Told>()
  const submit = async (work: () => Promise<void>) => {
    setBusy(true)
    setRefused(undefined)
    try {
      await work()
    } catch (error) {
      const words = told(error)
      report(words)
      if (isAboutCidrs(words)) showAllowlist()
      setRefused(words)
      setBusy(false)
    }
  }
  const aboutCidrs = refused !== undefined && isAboutCidrs(refused)
  return {
    busy,
    submit,
    refusal: refused && !aboutCidrs ? `${refused.name}: ${refused.message}` : undefined,
    refusedCidrs: aboutCidrs ? refused.message : undefined,
  }
}
