import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useId, useState, type FormEvent } from 'react'
import { fieldOf, type EntryField, type PolicyDraft } from '../entries'
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
  const form = useId()
  const [choice, setChoice] = useState(kNoChoice)
  const [tried, setTried] = useState(false)
  const { busy, refused, act } = useAct()
  const field = refused && fieldOf(refused)
  const beside = field === 'policy' || (field === 'namespaces' && choice.scope === 'namespace')
  const refusal = (of: EntryField) => (field === of ? refused?.message : undefined)
  const again = present.some(({ policyArn }) => policyArn === choice.policyArn)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (busy || isWrong(choice)) return
    if (await act(() => work(draftOf(choice)))) onDone()
  }
  return (
    <Modal
      visible
      header="Add access policy"
      closeAriaLabel="Close"
      onDismiss={() => {
        if (!busy) onClose()
      }}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" disabled={busy} onClick={onClose}>Cancel</Button>
            <Button variant="primary" form={form} loading={busy}>Add access policy</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={form} onSubmit={(event) => void send(event)}>
        <SpaceBetween size="m">
          <PolicyFields choice={choice} tried={tried} refusal={refusal} onChange={setChoice} />
          {again && <Box color="text-body-secondary">This policy is associated already; its scope becomes this one.</Box>}
          {refused && !beside && <Trouble error={refused} />}
        </SpaceBetween>
      </form>
    </Modal>
  )
}
