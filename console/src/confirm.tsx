import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState, type ReactNode } from 'react'
import { FormDialog } from './form-dialog'
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

// Asks before something is done that is not lightly undone; what is refused is said in the dialog, which stays.
export function Confirm({ title, action, typed, disabled, work, onDone, onClose, children }: Props) {
  const [text, setText] = useState('')
  const { busy, refused, act } = useAct()
  const ready = !disabled && (typed === undefined || text.trim() === typed)
  const send = async () => {
    if (!ready || busy) return
    if (await act(work)) onDone()
  }
  return (
    <FormDialog title={title} action={action} busy={busy} disabled={!ready} onSend={send} onClose={onClose}>
      {children}
      {typed !== undefined && (
        <FormField label={<>To confirm, type <span className="breakable">{typed}</span></>}>
          <Input value={text} onChange={({ detail }) => setText(detail.value)} placeholder={typed} autoFocus
                 autoComplete={false} spellcheck={false} ariaRequired />
        </FormField>
      )}
      {refused && <Trouble error={refused} />}
    </FormDialog>
  )
}
