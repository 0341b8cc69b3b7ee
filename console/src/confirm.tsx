import FormField from '@cloudscape-design/components/form-field'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import { useEffect, useRef, useState, type ReactNode } from 'react'
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
  const field = useRef<InputProps.Ref>(null)
  // After the dialog has taken the focus, so that it knows where to give it back.
  useEffect(() => {
    const timer = setTimeout(() => field.current?.focus())
    return () => clearTimeout(timer)
  }, [])
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
          <Input ref={field} value={text} onChange={({ detail }) => setText(detail.value)} placeholder={typed}
                 autoComplete={false} spellcheck={false} ariaRequired />
        </FormField>
      )}
      {refused && <Trouble error={refused} />}
    </FormDialog>
  )
}
