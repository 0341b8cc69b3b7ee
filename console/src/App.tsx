import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Access } from './aws/client'
import { Eks } from './aws/eks'
import { Insight } from './aws/insight'
import { isAboutKeys, told, type Told } from './aws/errors'
import type { Caller } from './aws/sign-in'
import { useDeletions } from './deletions'
import { Layout } from './Layout'
import { useNotices } from './notices'
import { SessionContext, type Session } from './session'
import { loadSettings, type Settings } from './settings'
import { SignIn } from './SignIn'

export interface SignedIn {
  access: Access
  caller: Caller
  expires?: Date
}

export function App() {
  const [settings, setSettings] = useState<Settings>()
  const [trouble, setTrouble] = useState<Told>()
  const [signedIn, setSignedIn] = useState<SignedIn>()
  const [why, setWhy] = useState<string>()
  const notices = useNotices()
  const deletions = useDeletions()
  const { clear: clearNotices } = notices
  const { clear: clearDeletions } = deletions

  const load = useCallback(() => {
    setTrouble(undefined)
    loadSettings().then(setSettings, (error: unknown) => setTrouble(told(error)))
  }, [])
  useEffect(load, [load])

  const signOut = useCallback((reason?: string) => {
    setSignedIn(undefined)
    setWhy(reason)
    clearNotices()
    clearDeletions()
  }, [clearNotices, clearDeletions])
  const report = useCallback((error: Told) => {
    if (isAboutKeys(error)) signOut(`You were signed out: ${error.message}`)
  }, [signOut])
  const clients = useMemo(() => {
    if (!signedIn) return undefined
    const eks = new Eks(signedIn.access)
    return { eks, insight: new Insight(signedIn.access, eks.client) }
  }, [signedIn])

  if (!settings || !signedIn || !clients) {
    return (
      <SignIn
        settings={settings}
        trouble={trouble}
        retry={load}
        why={why}
        onSignedIn={(who) => {
          setWhy(undefined)
          setSignedIn(who)
        }}
      />
    )
  }
  const session: Session = { ...signedIn, ...clients, settings, notices, deletions, report }
  return (
    <SessionContext.Provider value={session}>
      <Layout onSignOut={() => signOut()} />
    </SessionContext.Provider>
  )
}
