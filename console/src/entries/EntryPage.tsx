import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useMemo, useRef, useState, type RefObject } from 'react'
import { Entries, type Entry } from '../aws/entries'
import { Confirm } from '../confirm'
import { kStandard, policyName, typeLabel, type PolicyDraft } from '../entries'
import { at, Copied, None, Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { TagsBox } from '../tags-box'
import { useLoad } from '../use-load'
import { AddPolicyDialog } from './AddPolicyDialog'
import { DeleteEntryDialog } from './DeleteEntryDialog'
import { EditEntryForm } from './EditEntryForm'
import { PoliciesTable } from './PoliciesTable'

type Asked = { what: 'delete' } | { what: 'add' } | { what: 'remove'; policy: PolicyDraft }

const policiesOf = (entry: Entry): PolicyDraft[] => entry.policies.map(({ policyArn, accessScope }) => ({
  policyArn: policyArn ?? '',
  namespaces: accessScope?.type === 'namespace' ? accessScope.namespaces ?? [] : [],
}))

export default function EntryPage({ name, principal }: { name: string; principal: string }) {
  const { eks } = useSession()
  const entries = useMemo(() => new Entries(eks.client, name), [eks, name])
  const { data: entry, error, loading, refresh } = useLoad((signal) => entries.one(principal, signal), [entries, principal])
  const [editing, setEditing] = useState(false)
  const [asked, setAsked] = useState<Asked>()
  const close = () => setAsked(undefined)
  const edit = useRef<ButtonProps.Ref>(null)
  const add = useRef<ButtonProps.Ref>(null)
  // Where the keyboard goes on when what had the focus is no more.
  const goOn = (from: RefObject<ButtonProps.Ref>) => setTimeout(() => from.current?.focus())
  const changed = () => {
    close()
    refresh()
    goOn(add)
  }
  const standard = entry?.type === kStandard
  const policies = entry ? policiesOf(entry) : []

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={`Access entry of cluster ${name}`}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" loading={loading} onClick={refresh} />
            <Button disabled={!entry} onClick={() => setAsked({ what: 'delete' })}>Delete</Button>
          </SpaceBetween>
        }
      >
        <span className="breakable">{principal}</span>
      </Header>
      {error && <Trouble error={error} retry={refresh} />}
      {!entry && !error && <Spinner size="large" />}
      {entry && editing && (
        <EditEntryForm
          entries={entries}
          principal={principal}
          before={{ username: entry.username ?? '', groups: entry.kubernetesGroups ?? [] }}
          onEnd={(saved) => {
            setEditing(false)
            if (saved) refresh()
            goOn(edit)
          }}
        />
      )}
      {entry && !editing && (
        <Container header={<Header variant="h2" actions={standard && <Button ref={edit} onClick={() => setEditing(true)}>Edit</Button>}>Details</Header>}>
          <KeyValuePairs
            columns={2}
            items={[
              { label: 'IAM principal ARN', value: <Copied text={entry.principalArn} what="the principal's ARN" /> },
              { label: 'Type', value: typeLabel(entry.type) },
              { label: 'Username', value: <span className="breakable">{entry.username}</span> },
              { label: 'Group names', value: entry.kubernetesGroups?.length ? <span className="breakable">{entry.kubernetesGroups.join(', ')}</span> : <None /> },
              { label: 'Access entry ARN', value: <Copied text={entry.accessEntryArn} what="the access entry's ARN" /> },
              { label: 'Created', value: at(entry.createdAt) },
              { label: 'Modified', value: at(entry.modifiedAt) },
            ]}
          />
        </Container>
      )}
      {standard && (
        <PoliciesTable
          policies={policies}
          empty="No access policies"
          header={
            <Header variant="h2" counter={`(${policies.length})`}
                    actions={<Button ref={add} onClick={() => setAsked({ what: 'add' })}>Add access policy</Button>}>Access policies</Header>
          }
          onRemove={(policy) => setAsked({ what: 'remove', policy })}
        />
      )}
      {entry && <TagsBox arn={entry.accessEntryArn ?? ''} tags={entry.tags ?? {}} onChanged={refresh} />}
      {asked?.what === 'delete' && (
        <DeleteEntryDialog cluster={name} principal={principal} onClose={close} onDone={() => go(href.cluster(name, 'access'))} />
      )}
      {asked?.what === 'add' && (
        <AddPolicyDialog present={policies} onClose={close} onDone={changed} work={(policy) => entries.associate(principal, policy)} />
      )}
      {asked?.what === 'remove' && (
        <Confirm title="Remove access policy" action="Remove" onClose={close} onDone={changed}
                 work={() => entries.disassociate(principal, asked.policy.policyArn)}>
          <span className="breakable">
            Remove {policyName(asked.policy.policyArn)} from {principal}? What it allows ends at the API server's next review.
          </span>
        </Confirm>
      )}
    </SpaceBetween>
  )
}
