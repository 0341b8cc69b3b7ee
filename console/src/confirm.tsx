import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { Trouble } from './parts'
import { useAct } from './use-act'

interface Props {
  title: string
  action: string // the word on the button that does it
  typed?: string // what must be typed first
  disabled?: boolean
  work: () => Promise<void>
  onDone: () => void
  onClose: () => void
  children: ReactNode
}

// Asks before something is done that cannot be undone; what is refused is said in the dialog, which stays.
export function Confirm({ title, action, typed, disabled, work, onDone, onClose, children }: Props) {
  const form = useId()
  const [text, setText] = useState('')
  const { busy, refused, act } = useAct()
  const ready = !disabled && (typed === undefined || text.trim() === typed)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || busy) return
    if (await act(work)) onDone()
  }
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close"
      onDismiss={() => {
        if (!busy) onClose()
      }}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" disabled={busy} onClick={onClose}>Cancel</Button>
            <Button variant="primary" form={form} disabled={!ready} loading={busy}>{action}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={form} onSubmit={(event) => void send(event)}>
        <SpaceBetween size="m">
          {children}
          {typed !== undefined && (
            <FormField label={<>To confirm, type <span className="breakable">{typed}</span></>}>
              <Input value={text} onChange={({ detail }) => setText(detail.value)} placeholder={typed} autoFocus
                     autoComplete={false} spellcheck={false} ariaRequired />
            </FormField>
          )}
          {refused && <Trouble error={refused} />}
        </SpaceBetween>
      </form>
    </Modal>
  )
}
