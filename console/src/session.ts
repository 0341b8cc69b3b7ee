// Who is signed in. Held by React, in this tab's memory: a reload or a closed tab forgets it.

import { createContext, useContext } from 'react'
import type { Access } from './aws/client'
import type { Eks } from './aws/eks'
import type { Told } from './aws/errors'
import type { Insight } from './aws/insight'
import type { Caller } from './aws/sign-in'
import type { Deletions } from './deletions'
import type { Settings } from './settings'
import type { Notices } from './notices'

export interface Session {
  access: Access
  caller: Caller
  expires?: Date
  eks: Eks
  insight: Insight
  settings: Settings
  notices: Notices
  deletions: Deletions
  report: (error: Told) => void // of every failed call: those that are about the keys end the session
}

export const SessionContext = createContext<Session | undefined>(undefined)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('no session')
  return session
}
