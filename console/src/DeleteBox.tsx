import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type FormEvent, type ReactNode } from 'react'
import { told, type Told } from './aws/errors'
import { Trouble } from './parts'
import { useSession } from './session'

interface Props {
  title: string
  children: ReactNode // what is lost
  typed?: string // to be typed before
  onDelete: () => Promise<void>
  onClose: () => void
}

// Asks before something is deleted, and shows why it was not.
export function DeleteBox({ title, children, typed, onDelete, onClose }: Props) {
  const { report } = useSession()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Told>()
  const ready = typed === undefined || text === typed

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    setRefused(undefined)
    try {
      await onDelete()
    } catch (error) {
      const words = told(error)
      report(words)
      setRefused(words)
      setBusy(false)
    }
  }

  return (
    <Modal visible header={title} closeAriaLabel="Close" onDismiss={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <SpaceBetween size="m">
          <Alert type="warning">{children}</Alert>
          {typed !== undefined && (
            <FormField label={<>To confirm, type <b>{typed}</b></>}>
              <Input value={text} onChange={({ detail }) => setText(detail.value)} ariaLabel="Confirmation" autoFocus autoComplete={false}
                     spellcheck={false} />
            </FormField>
          )}
          {refused && <Trouble error={refused} />}
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onClose}>Cancel</Button>
              <Button variant="primary" disabled={!ready} loading={busy} loadingText="Deleting">Delete</Button>
            </SpaceBetween>
          </Box>
        </SpaceBetween>
      </form>
    </Modal>
  )
}
