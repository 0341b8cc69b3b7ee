import Box from '@cloudscape-design/components/box'
import { useState } from 'react'
import { fieldOf, type EntryField, type PolicyDraft } from '../entries'
import { FormDialog } from '../form-dialog'
import { Trouble } from '../parts'
import { useAct } from '../use-act'
import { draftOf, isWrong, kNoChoice, PolicyFields } from './PolicyFields'

interface Props {
  present: readonly PolicyDraft[]
  work: (policy: PolicyDraft) => Promise<void>
  onDone: () => void
  onClose: () => void
}

export function AddPolicyDialog({ present, work, onDone, onClose }: Props) {
  const [choice, setChoice] = useState(kNoChoice)
  const [tried, setTried] = useState(false)
  const { busy, refused, act } = useAct()
  const field = refused && fieldOf(refused)
  const beside = field === 'policy' || (field === 'namespaces' && choice.scope === 'namespace')
  const refusal = (of: EntryField) => (field === of ? refused?.message : undefined)
  const again = present.some(({ policyArn }) => policyArn === choice.policyArn)
  const send = async () => {
    setTried(true)
    if (busy || isWrong(choice)) return
    if (await act(() => work(draftOf(choice)))) onDone()
  }
  return (
    <FormDialog title="Add access policy" action="Add access policy" busy={busy} onSend={send} onClose={onClose}>
      <PolicyFields choice={choice} tried={tried} refusal={refusal} onChange={setChoice} />
      {again && <Box color="text-body-secondary">This policy is associated already; its scope becomes this one.</Box>}
      {refused && !beside && <Trouble error={refused} />}
    </FormDialog>
  )
}
