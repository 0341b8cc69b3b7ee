import Alert from '@cloudscape-design/components/alert'
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { Trouble } from '../parts'
import { useSession } from '../session'
import { useLoad } from '../use-load'
import { policyName, type PolicyRow } from './draft'

const kScopes = [{ value: 'cluster', label: 'Cluster' }, { value: 'namespace', label: 'Kubernetes namespaces' }]

interface Props {
  rows: PolicyRow[]
  onChange: (rows: PolicyRow[]) => void
  faults: (string | undefined)[]
  refusal: string | undefined
}

export function PolicyRows({ rows, onChange, faults, refusal }: Props) {
  const { eks } = useSession()
  const { data, error, loading, refresh } = useLoad((signal) => eks.accessPolicies(signal), [eks])
  const options = (data ?? []).map((arn) => ({ value: arn, label: policyName(arn) }))
  const put = (at: number, change: Partial<PolicyRow>) => onChange(rows.map((row, index) => (index === at ? { ...row, ...change } : row)))
  return (
    <Container header={<Header variant="h2" description="What the user may do without a role binding of the cluster's own.">Access policies</Header>}>
      <SpaceBetween size="m">
        {error && <Trouble error={error} retry={refresh} />}
        {refusal && <Alert type="error"><span className="breakable">{refusal}</span></Alert>}
        <AttributeEditor
          items={rows}
          addButtonText="Add access policy"
          removeButtonText="Remove"
          removeButtonAriaLabel={({ arn }) => `Remove ${policyName(arn) || 'the empty row'}`}
          empty="No access policies."
          onAddButtonClick={() => onChange([...rows, { arn: '', scope: 'cluster', namespaces: '' }])}
          onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, index) => index !== detail.itemIndex))}
          definition={[
            { label: 'Policy', errorText: (_, index) => faults[index],
              control: ({ arn }, index) => (
                <Select selectedOption={arn ? { value: arn, label: policyName(arn) } : null} options={options} placeholder="Choose a policy"
                        statusType={loading && !data ? 'loading' : 'finished'} loadingText="Loading policies" ariaLabel={`Policy ${index + 1}`}
                        onChange={({ detail }) => put(index, { arn: detail.selectedOption.value ?? '' })} />
              ) },
            { label: 'Access scope',
              control: ({ scope }, index) => (
                <Select selectedOption={kScopes.find((known) => known.value === scope) ?? null} options={kScopes} ariaLabel={`Access scope ${index + 1}`}
                        onChange={({ detail }) => put(index, { scope: detail.selectedOption.value === 'namespace' ? 'namespace' : 'cluster' })} />
              ) },
            { label: 'Namespaces',
              control: ({ scope, namespaces }, index) => scope === 'cluster' ? <Box padding={{ top: 'xxs' }}>All</Box> : (
                <Input value={namespaces} onChange={({ detail }) => put(index, { namespaces: detail.value })} placeholder="dev, test-*"
                       ariaLabel={`Namespaces ${index + 1}`} autoComplete={false} spellcheck={false} />
              ) },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}
