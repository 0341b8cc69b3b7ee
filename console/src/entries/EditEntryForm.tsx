import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type FormEvent } from 'react'
import type { Entries } from '../aws/entries'
import { fieldOf, identityChange, type EntryField, type Identity } from '../entries'
import { useAct } from '../use-act'
import { hasWrongIdentity, IdentityFields } from './IdentityFields'

interface Props {
  entries: Entries
  principal: string
  before: Identity
  onEnd: (changed: boolean) => void
}

export function EditEntryForm({ entries, principal, before, onEnd }: Props) {
  const [identity, setIdentity] = useState(before)
  const [tried, setTried] = useState(false)
  const { busy, refused, act } = useAct()
  const change = identityChange(before, identity)
  const unchanged = Object.keys(change).length === 0
  const cleared = identity.username.trim() === '' && before.username !== ''
  const field = refused && fieldOf(refused)
  const hasPlace = field === 'username' || field === 'groups'
  const refusal = (of: EntryField) => {
    if (of === 'username' && tried && cleared) return 'A username is needed once there is an entry.'
    return field === of ? refused?.message : undefined
  }
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (busy || unchanged || cleared || hasWrongIdentity(identity)) return
    if (await act(() => entries.update(principal, change))) onEnd(true)
  }
  return (
    <form onSubmit={(event) => void send(event)}>
      <Form
        errorText={refused && !hasPlace ? `${refused.name}: ${refused.message}` : tried && unchanged ? 'Nothing is changed yet.' : undefined}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" disabled={busy} onClick={() => onEnd(false)}>Cancel</Button>
            <Button variant="primary" loading={busy} loadingText="Saving">Save changes</Button>
          </SpaceBetween>
        }
      >
        <Container header={<Header variant="h2">Edit access entry</Header>}>
          <IdentityFields focus identity={identity} usernameHelp="Who the principal is to Kubernetes." refusal={refusal} onChange={setIdentity} />
        </Container>
      </Form>
    </form>
  )
}
