import Box from '@cloudscape-design/components/box'
import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import { useRef, useState } from 'react'
import { Entries, type Entry } from '../aws/entries'
import type { Cluster } from '../aws/eks'
import { policyName, typeLabel } from '../entries'
import { DeleteEntryDialog } from '../entries/DeleteEntryDialog'
import { Empty, None, Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { useLoad } from '../use-load'
import { AuthenticationBox } from './AuthenticationBox'

const kRows = 25

const columnsOf = (cluster: string): TableProps.ColumnDefinition<Entry>[] => [
  { id: 'arn', header: 'IAM principal ARN', isRowHeader: true,
    cell: ({ principalArn = '' }) => <Link href={href.entry(cluster, principalArn)}><span className="breakable">{principalArn}</span></Link> },
  { id: 'type', header: 'Type', cell: (entry) => typeLabel(entry.type) || <None /> },
  { id: 'user', header: 'Username', cell: (entry) => <span className="breakable">{entry.username}</span> },
  { id: 'groups', header: 'Group names', cell: (entry) => entry.kubernetesGroups?.join(', ') || <None /> },
  { id: 'policies', header: 'Access policies',
    cell: (entry) => entry.policies.length === 0 ? <None /> : entry.policies.map((policy) => (
      <Box key={policy.policyArn}>
        {policyName(policy.policyArn)}
        {policy.accessScope?.type === 'namespace' && ` (${policy.accessScope.namespaces?.join(', ')})`}
      </Box>
    )) },
]

export function AccessTab({ cluster }: { cluster: Cluster }) {
  const { eks } = useSession()
  const name = cluster.name ?? ''
  const byEntries = cluster.accessConfig?.authenticationMode !== 'CONFIG_MAP'
  const { data, error, loading, refresh } = useLoad(
    async (signal) => (byEntries ? new Entries(eks.client, name).principals(signal) : []), [eks, name, byEntries])
  const [filter, setFilter] = useState('')
  const [wanted, setPage] = useState(1)
  const words = filter.trim().toLowerCase()
  const found = (data ?? []).filter((arn) => arn.toLowerCase().includes(words))
  const pages = Math.max(1, Math.ceil(found.length / kRows))
  const page = Math.min(wanted, pages)
  const shown = found.slice((page - 1) * kRows, page * kRows)
  const rows = useLoad((signal) => new Entries(eks.client, name).of(shown, signal), [eks, name, data, shown.join(' ')])
  const [selected, setSelected] = useState<string>()
  const [deleting, setDeleting] = useState<string>()
  const create = useRef<ButtonProps.Ref>(null)
  const chosen = rows.data?.find(({ principalArn }) => principalArn === selected)
  return (
    <SpaceBetween size="l">
      <AuthenticationBox cluster={cluster} />
      {error && <Trouble error={error} retry={refresh} />}
      {rows.error && <Trouble error={rows.error} retry={rows.refresh} />}
      <Table
        variant="container"
        header={
          <Header
            variant="h2"
            counter={data && `(${data.length})`}
            description="Who may use the Kubernetes API, once the endpoint lets them reach it."
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={!chosen} onClick={() => setDeleting(chosen?.principalArn)}>Delete</Button>
                <Button disabled={!chosen} onClick={() => go(href.entry(name, chosen?.principalArn ?? ''))}>View details</Button>
                <Button ref={create} disabled={!byEntries} onClick={() => go(href.createEntry(name))}>Create access entry</Button>
              </SpaceBetween>
            }
          >
            IAM access entries
          </Header>
        }
        ariaLabels={{
          tableLabel: 'IAM access entries',
          selectionGroupLabel: 'Access entries',
          itemSelectionLabel: (_, entry) => `Select ${entry.principalArn ?? ''}`,
        }}
        selectionType="single"
        selectedItems={chosen ? [chosen] : []}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems[0]?.principalArn)}
        loading={(loading && !data) || (rows.loading && shown.length > 0 && !rows.data?.length)}
        loadingText="Loading access entries"
        items={rows.data ?? []}
        filter={<TextFilter filteringText={filter} filteringPlaceholder="Find by principal" filteringAriaLabel="Find access entries"
                            onChange={({ detail }) => { setFilter(detail.filteringText); setPage(1) }} />}
        pagination={pages > 1 && <Pagination currentPageIndex={page} pagesCount={pages} onChange={({ detail }) => setPage(detail.currentPageIndex)} />}
        trackBy="principalArn"
        wrapLines
        empty={<Empty title={words ? 'No access entry matches' : 'No access entries'}>{!byEntries && 'This authentication mode reads none.'}</Empty>}
        columnDefinitions={columnsOf(name)}
      />
      {deleting && (
        <DeleteEntryDialog
          cluster={name}
          principal={deleting}
          onClose={() => setDeleting(undefined)}
          onDone={() => {
            setDeleting(undefined)
            setSelected(undefined)
            refresh()
            // The button that opened the dialog has nothing to delete any more.
            setTimeout(() => create.current?.focus())
          }}
        />
      )}
    </SpaceBetween>
  )
}
