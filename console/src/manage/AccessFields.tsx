import Alert from '@cloudscape-design/components/alert'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { openTo, publicGuard, type EndpointAccess } from '../access'
import { blocksOf, remarksOn } from '../sources'
import { SourcesEditor } from './SourcesEditor'

// The setting as it is typed: rows may be empty or wrong.
export interface Draft {
  privateAccess: boolean
  publicAccess: boolean
  rows: string[]
}

export const draftOf = (access: EndpointAccess): Draft => ({
  privateAccess: access.privateAccess,
  publicAccess: access.publicAccess,
  rows: access.cidrs.length > 0 ? access.cidrs : [''],
})

// The draft with one more source, where it has not got it.
export function withBlock(draft: Draft, block: string | undefined): Draft {
  if (block === undefined || blocksOf(draft.rows).includes(block)) return draft
  return { ...draft, rows: [...blocksOf(draft.rows), block] }
}

export const accessOfDraft = ({ privateAccess, publicAccess, rows }: Draft): EndpointAccess => ({
  privateAccess, publicAccess, cidrs: blocksOf(rows),
})

const lacksSource = (draft: Draft) => draft.publicAccess && blocksOf(draft.rows).length === 0

// Whether the list cannot be sent as it stands; while the public side is off nobody looks at it.
export const hasWrongSources = (draft: Draft) =>
  draft.publicAccess && (lacksSource(draft) || remarksOn(draft.rows).some((remark) => remark?.kind === 'error'))

interface Props {
  draft: Draft
  onChange: (draft: Draft) => void
  tried: boolean // to send it
  expanded: boolean
  onExpand: (expanded: boolean) => void
  refusal: string | undefined // of the list, by the server
}

// The switches and the list, in the order of the guide's procedure.
export function AccessFields({ draft, onChange, tried, expanded, onExpand, refusal }: Props) {
  const { privateAccess, publicAccess, rows } = draft
  const open = openTo(blocksOf(rows))
  const missing = tried && lacksSource(draft) ? 'Name at least one block, or turn off public access.' : undefined
  return (
    <SpaceBetween size="l">
      <FormField label="Private access"
                 description="Requests from within the cluster's VPC, and from networks connected to it, use the private endpoint.">
        <Toggle checked={privateAccess} onChange={({ detail }) => onChange({ ...draft, privateAccess: detail.checked })}
                ariaLabel="Private access">
          {privateAccess ? 'Enabled' : 'Disabled'}
        </Toggle>
      </FormField>
      <FormField label="Public access" errorText={publicGuard(accessOfDraft(draft))}
                 description="Requests from outside the VPC are admitted from the sources of the allowlist. You must enable private access to disable public access.">
        <Toggle checked={publicAccess} onChange={({ detail }) => onChange({ ...draft, publicAccess: detail.checked })}
                ariaLabel="Public access">
          {publicAccess ? 'Enabled' : 'Disabled'}
        </Toggle>
      </FormField>
      {publicAccess && (
        <ExpandableSection headerText="Advanced settings" expanded={expanded} onChange={({ detail }) => onExpand(detail.expanded)}>
          <SourcesEditor rows={rows} onChange={(changed) => onChange({ ...draft, rows: changed })} remarks={remarksOn(rows)}
                         error={refusal ?? missing} />
        </ExpandableSection>
      )}
      {publicAccess && open && (
        <Alert type="info">The public endpoint is open to {open}. Name the blocks that need it in the advanced settings.</Alert>
      )}
    </SpaceBetween>
  )
}
