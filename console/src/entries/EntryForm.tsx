import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { useState, type FormEvent } from 'react'
import { told, type Told } from '../aws/errors'
import { useSession } from '../session'
import { draftOfEntry, faultsOf, fieldOf, isFaulty, isOfPeople, kNewEntry, kTypes, type EntryDraft, type Field, type KnownEntry } from './draft'
import { PolicyRows } from './PolicyRows'

interface Props {
  title: string
  submitText: string
  entry?: KnownEntry // to be changed; absent: a new one
  onSubmit: (draft: EntryDraft, before: EntryDraft) => Promise<void>
  onCancel: () => void
}

export function EntryForm({ title, submitText, entry, onSubmit, onCancel }: Props) {
  const { report } = useSession()
  const [before] = useState(entry ? draftOfEntry(entry) : kNewEntry)
  const [draft, setDraft] = useState(before)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Told>()
  const put = (change: Partial<EntryDraft>) => setDraft({ ...draft, ...change })
  const faults = faultsOf(draft)
  const people = isOfPeople(draft.type)
  const field = refused && fieldOf(refused.message)
  const refusal = (of: Field) => (refused && field === of ? refused.message : undefined)

  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (busy || isFaulty(faults)) return
    setBusy(true)
    setRefused(undefined)
    try {
      await onSubmit(draft, before)
    } catch (error) {
      const words = told(error)
      report(words)
      setRefused(words)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void send(event)}>
      <Form
        header={<Header variant="h1" description="Who a principal of IAM is in the cluster, and what it may do there.">{title}</Header>}
        errorText={refused && !field ? `${refused.name}: ${refused.message}` : undefined}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={onCancel}>Cancel</Button>
            <Button variant="primary" loading={busy} loadingText="Saving">{submitText}</Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">IAM access entry</Header>}>
            <SpaceBetween size="l">
              <FormField label="IAM principal ARN" description="A user, a role or root of this account. It stays the entry's."
                         errorText={(tried ? faults.principalArn : undefined) ?? refusal('principalArn')}>
                <Input value={draft.principalArn} onChange={({ detail }) => put({ principalArn: detail.value })} disabled={entry !== undefined}
                       placeholder="arn:aws:iam::000000000000:role/dev" autoComplete={false} spellcheck={false} />
              </FormField>
              <FormField label="Type" description="Standard for people and programs; the others are for the roles of nodes. It stays.">
                <Select selectedOption={kTypes.find((type) => type.value === draft.type) ?? { value: draft.type, label: draft.type }}
                        options={kTypes} disabled={entry !== undefined}
                        onChange={({ detail }) => put({ type: detail.selectedOption.value ?? '' })} />
              </FormField>
              {people && (
                <>
                  <FormField label={<>Username <i>- optional</i></>} errorText={refusal('username')}
                             description="In Kubernetes. Without one, a user's ARN, or a role's with the name of the session.">
                    <Input value={draft.username} onChange={({ detail }) => put({ username: detail.value })} autoComplete={false} spellcheck={false} />
                  </FormField>
                  <FormField label={<>Groups <i>- optional</i></>} errorText={refusal('groups')}
                             description="In Kubernetes, for role bindings of the cluster's own. One a line.">
                    <Textarea value={draft.groups} onChange={({ detail }) => put({ groups: detail.value })} rows={3} spellcheck={false} />
                  </FormField>
                </>
              )}
            </SpaceBetween>
          </Container>
          {people && (
            <PolicyRows rows={draft.policies} onChange={(policies) => put({ policies })} faults={tried ? faults.policies : []}
                        refusal={refusal('policies')} />
          )}
        </SpaceBetween>
      </Form>
    </form>
  )
}
