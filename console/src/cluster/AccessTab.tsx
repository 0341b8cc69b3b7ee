import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { Cluster } from '../aws/eks'
import { Empty, None, Trouble } from '../parts'
import { useSession } from '../session'
import { useLoad } from '../use-load'

const kModes: Record<string, string> = {
  API: 'EKS API',
  CONFIG_MAP: 'ConfigMap',
  API_AND_CONFIG_MAP: 'EKS API and ConfigMap',
}

const policyName = (arn: string | undefined) => arn?.split('/').pop() ?? ''

export function AccessTab({ cluster }: { cluster: Cluster }) {
  const { eks } = useSession()
  const name = cluster.name ?? ''
  const mode = cluster.accessConfig?.authenticationMode ?? ''
  const byEntries = mode !== 'CONFIG_MAP'
  const { data, error, loading, refresh } = useLoad(
    async (signal) => (byEntries ? eks.entries(name, signal) : []), [eks, name, byEntries])
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Cluster authentication mode</Header>}>
        <KeyValuePairs columns={1} items={[{ label: 'Authentication mode', value: kModes[mode] ?? mode }]} />
      </Container>
      {error && <Trouble error={error} retry={refresh} />}
      <Table
        variant="container"
        header={<Header variant="h2" counter={data && `(${data.length})`}
                        description="Who may use the Kubernetes API, once the endpoint lets them reach it.">IAM access entries</Header>}
        ariaLabels={{ tableLabel: 'IAM access entries' }}
        loading={loading && !data}
        loadingText="Loading access entries"
        items={data ?? []}
        trackBy="principalArn"
        wrapLines
        empty={<Empty title="No access entries">{!byEntries && 'This authentication mode reads none.'}</Empty>}
        columnDefinitions={[
          { id: 'arn', header: 'IAM principal ARN', isRowHeader: true, cell: (entry) => <span className="breakable">{entry.principalArn}</span> },
          { id: 'type', header: 'Type', cell: (entry) => entry.type ?? <None /> },
          { id: 'user', header: 'Username', cell: (entry) => <span className="breakable">{entry.username}</span> },
          { id: 'groups', header: 'Group names', cell: (entry) => entry.kubernetesGroups?.join(', ') || <None /> },
          { id: 'policies', header: 'Access policies',
            cell: (entry) => entry.policies.length === 0 ? <None /> : entry.policies.map((policy) => (
              <Box key={policy.policyArn}>
                {policyName(policy.policyArn)}
                {policy.accessScope?.type === 'namespace' && ` (${policy.accessScope.namespaces?.join(', ')})`}
              </Box>
            )) },
        ]}
      />
    </SpaceBetween>
  )
}
