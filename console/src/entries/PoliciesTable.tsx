import Button from '@cloudscape-design/components/button'
import Table from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { policyName, type PolicyDraft } from '../entries'
import { Empty } from '../parts'

interface Props {
  policies: readonly PolicyDraft[]
  header: ReactNode
  empty: string
  embedded?: boolean
  onRemove: (policy: PolicyDraft) => void
}

export function PoliciesTable({ policies, header, empty, embedded, onRemove }: Props) {
  return (
    <Table
      variant={embedded ? 'embedded' : 'container'}
      header={header}
      ariaLabels={{ tableLabel: 'Access policies' }}
      items={policies}
      trackBy="policyArn"
      wrapLines
      empty={<Empty title={empty} />}
      columnDefinitions={[
        { id: 'name', header: 'Policy name', isRowHeader: true,
          cell: ({ policyArn }) => <span className="breakable">{policyName(policyArn)}</span> },
        { id: 'scope', header: 'Access scope',
          cell: ({ namespaces }) => <span className="breakable">{namespaces.length === 0 ? 'Cluster' : `Namespaces: ${namespaces.join(', ')}`}</span> },
        { id: 'remove', header: 'Remove',
          cell: (policy) => (
            <Button variant="inline-link" formAction="none" ariaLabel={`Remove ${policyName(policy.policyArn)}`}
                    onClick={() => onRemove(policy)}>Remove</Button>
          ) },
      ]}
    />
  )
}
