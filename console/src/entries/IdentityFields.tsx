import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { groupFaults, kMaxGroups, usernameFault, type EntryField, type Identity } from '../entries'

interface Props {
  identity: Identity
  usernameHelp: string
  focus?: boolean // on the username, at first
  refusal: (field: EntryField) => string | undefined
  onChange: (identity: Identity) => void
}

// Who the principal is inside the cluster.
export function IdentityFields({ identity, usernameHelp, focus, refusal, onChange }: Props) {
  const { username, groups } = identity
  const faults = groupFaults(groups)
  const putGroup = (at: number, text: string) =>
    onChange({ ...identity, groups: groups.map((group, index) => (index === at ? text : group)) })
  return (
    <SpaceBetween size="l">
      <FormField label={<>Username - <i>optional</i></>} description={usernameHelp} errorText={usernameFault(username) ?? refusal('username')}>
        <Input value={username} onChange={({ detail }) => onChange({ ...identity, username: detail.value })}
               autoFocus={focus ?? false} autoComplete={false} spellcheck={false} />
      </FormField>
      <div role="group" aria-label="Groups">
        <FormField label={<>Groups - <i>optional</i></>} errorText={refusal('groups')} stretch
                   description="Kubernetes groups, for role bindings of the cluster's own.">
          <AttributeEditor
            items={groups}
            disableAddButton={groups.length >= kMaxGroups}
            addButtonText="Add group"
            removeButtonText="Remove"
            removeButtonAriaLabel={(group) => `Remove ${group || 'the empty row'}`}
            empty="No groups."
            onAddButtonClick={() => onChange({ ...identity, groups: [...groups, ''] })}
            onRemoveButtonClick={({ detail }) =>
              onChange({ ...identity, groups: groups.filter((_, index) => index !== detail.itemIndex) })}
            definition={[
              { label: 'Group name', errorText: (_, index) => faults[index],
                control: (group, index) => (
                  <Input value={group} onChange={({ detail }) => putGroup(index, detail.value)} ariaLabel={`Group name ${index + 1}`}
                         autoComplete={false} spellcheck={false} />
                ) },
            ]}
          />
        </FormField>
      </div>
    </SpaceBetween>
  )
}

export const hasWrongIdentity = ({ username, groups }: Identity) =>
  usernameFault(username) !== undefined || groupFaults(groups).some((fault) => fault !== undefined)
