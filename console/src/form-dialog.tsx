import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useId, type FormEvent, type ReactNode } from 'react'

interface Props {
  title: string
  action: string // the word on the button that sends it
  busy: boolean
  disabled?: boolean
  onSend: () => Promise<void>
  onClose: () => void
  children: ReactNode
}

// A form in a dialog, sent by its button or by Enter, and not closed while it is under way.
export function FormDialog({ title, action, busy, disabled = false, onSend, onClose, children }: Props) {
  const form = useId()
  const send = (event: FormEvent) => {
    event.preventDefault()
    void onSend()
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
            <Button variant="primary" form={form} disabled={disabled} loading={busy}>{action}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={form} onSubmit={send}>
        <SpaceBetween size="m">{children}</SpaceBetween>
      </form>
    </Modal>
  )
}
