import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { accessPolicies } from '../aws/entries'
import { namespacesFault, namespacesOf, type EntryField, type PolicyDraft } from '../entries'
import { useSession } from '../session'
import { useLoad } from '../use-load'

// A policy as it is chosen, before it is one to send.
export interface Choice {
  policyArn: string
  scope: 'cluster' | 'namespace'
  namespaces: string
}

export const kNoChoice: Choice = { policyArn: '', scope: 'cluster', namespaces: '' }

export const draftOf = ({ policyArn, scope, namespaces }: Choice): PolicyDraft =>
  ({ policyArn, namespaces: scope === 'cluster' ? [] : namespacesOf(namespaces) })

const policyFault = ({ policyArn }: Choice) => (policyArn === '' ? 'Choose a policy.' : undefined)
const scopeFault = ({ scope, namespaces }: Choice) =>
  (scope === 'namespace' ? namespacesFault(namespacesOf(namespaces)) : undefined)
export const isWrong = (choice: Choice) => policyFault(choice) !== undefined || scopeFault(choice) !== undefined

interface Props {
  choice: Choice
  tried: boolean
  refusal?: (field: EntryField) => string | undefined
  onChange: (choice: Choice) => void
}

export function PolicyFields({ choice, tried, refusal, onChange }: Props) {
  const { eks } = useSession()
  const { data, error, loading, refresh } = useLoad((signal) => accessPolicies(eks.client, signal), [eks])
  const options: SelectProps.Option[] = (data ?? []).map(({ name, arn }) => ({ value: arn ?? '', label: name ?? '' }))
  return (
    <SpaceBetween size="l">
      <FormField label="Policy name" errorText={(tried ? policyFault(choice) : undefined) ?? refusal?.('policy')}>
        <Select
          selectedOption={options.find(({ value }) => value === choice.policyArn) ?? null}
          options={options}
          placeholder="Choose an access policy"
          statusType={error ? 'error' : loading && !data ? 'loading' : 'finished'}
          loadingText="Loading access policies"
          {...(error ? { errorText: error.message } : {})}
          recoveryText="Try again"
          onLoadItems={() => {
            if (error) refresh()
          }}
          empty="No access policies"
          onChange={({ detail }) => onChange({ ...choice, policyArn: detail.selectedOption.value ?? '' })}
        />
      </FormField>
      <FormField label="Access scope">
        <RadioGroup
          value={choice.scope}
          ariaLabel="Access scope"
          items={[
            { value: 'cluster', label: 'Cluster', description: 'The policy holds in all namespaces.' },
            { value: 'namespace', label: 'Kubernetes namespace', description: 'The policy holds in the namespaces you name.' },
          ]}
          onChange={({ detail }) => onChange({ ...choice, scope: detail.value === 'cluster' ? 'cluster' : 'namespace' })}
        />
      </FormField>
      {choice.scope === 'namespace' && (
        <FormField label="Namespaces" description="Apart by commas or spaces; * stands for any text."
                   errorText={(tried ? scopeFault(choice) : undefined) ?? refusal?.('namespaces')}>
          <Input value={choice.namespaces} onChange={({ detail }) => onChange({ ...choice, namespaces: detail.value })}
                 placeholder="dev, test-*" autoComplete={false} spellcheck={false} ariaRequired />
        </FormField>
      )}
    </SpaceBetween>
  )
}
