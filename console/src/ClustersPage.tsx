import { useCollection } from '@cloudscape-design/collection-hooks'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import Pagination from '@cloudscape-design/components/pagination'
import PropertyFilter from '@cloudscape-design/components/property-filter'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useMemo, useState } from 'react'
import { modeOf, openTo } from './access'
import { accessOf, kMaxClusters, type Cluster } from './aws/eks'
import { DeleteClusterDialog } from './cluster/DeleteClusterDialog'
import { Copied, Empty, None, Status, Trouble, at } from './parts'
import { href } from './route'
import { useSession } from './session'
import { useLoad } from './use-load'

interface Row {
  name: string
  status: string
  access: string
  version: string
  endpoint: string
  open: boolean
  created: Date | undefined
}

function rowOf(cluster: Cluster): Row {
  const access = accessOf(cluster)
  return {
    name: cluster.name ?? '',
    status: cluster.status ?? '',
    access: cluster.resourcesVpcConfig ? modeOf(access) : '',
    version: cluster.version ?? '',
    endpoint: cluster.endpoint ?? '',
    open: access.publicAccess && openTo(access.cidrs) !== undefined,
    created: cluster.createdAt,
  }
}

const kColumns: TableProps.ColumnDefinition<Row>[] = [
  { id: 'name', header: 'Cluster name', sortingField: 'name', isRowHeader: true,
    cell: (row) => <Link href={href.cluster(row.name)}>{row.name}</Link> },
  { id: 'status', header: 'Status', sortingField: 'status', cell: (row) => <Status of={row.status} /> },
  { id: 'access', header: 'API server endpoint access', sortingField: 'access',
    cell: (row) => (row.access ? row.access + (row.open ? ', from everywhere' : '') : <None />) },
  { id: 'version', header: 'Kubernetes version', sortingField: 'version', cell: (row) => row.version || <None /> },
  { id: 'created', header: 'Created', sortingField: 'created', cell: (row) => at(row.created) },
  { id: 'endpoint', header: 'API server endpoint', sortingField: 'endpoint', minWidth: 300,
    cell: (row) => <Copied text={row.endpoint} what={`the endpoint of ${row.name}`} /> },
]

const kProperties = [
  { key: 'name', propertyLabel: 'Cluster name', groupValuesLabel: 'Cluster names', operators: [':', '!:', '=', '!='] },
  { key: 'status', propertyLabel: 'Status', groupValuesLabel: 'Statuses', operators: ['=', '!='] },
  { key: 'access', propertyLabel: 'Endpoint access', groupValuesLabel: 'Kinds of endpoint access', operators: ['=', '!='] },
  { key: 'version', propertyLabel: 'Kubernetes version', groupValuesLabel: 'Kubernetes versions', operators: ['=', '!=', '<', '<=', '>', '>='] },
  { key: 'endpoint', propertyLabel: 'API server endpoint', groupValuesLabel: 'Endpoints', operators: [':', '!:'] },
] as const

export function ClustersPage() {
  const { eks, notices, deletions } = useSession()
  const loaded = useLoad((signal) => eks.clusters(signal), [eks, notices.ended, deletions.changes])
  const [selected, setSelected] = useState<string>()
  const [deleting, setDeleting] = useState<string>()
  const rows = useMemo(() => (loaded.data?.clusters ?? []).map(rowOf), [loaded.data])
  const { items, collectionProps, propertyFilterProps, paginationProps, filteredItemsCount, actions } = useCollection(rows, {
    propertyFiltering: {
      filteringProperties: kProperties.map((property) => ({ ...property, operators: [...property.operators] })),
      empty: <Empty title="No clusters"><Button href={href.create}>Create cluster</Button></Empty>,
      noMatch: (
        <Empty title="No matches">
          <Button onClick={() => actions.setPropertyFiltering({ tokens: [], operation: 'and' })}>Clear filters</Button>
        </Empty>
      ),
    },
    pagination: { pageSize: 20 },
    sorting: { defaultState: { sortingColumn: { sortingField: 'name' } } },
  })

  const chosen = rows.find(({ name }) => name === selected)

  return (
    <SpaceBetween size="l">
      {deleting && <DeleteClusterDialog name={deleting} onClose={() => setDeleting(undefined)} />}
      {loaded.error && <Trouble error={loaded.error} retry={loaded.refresh} />}
      {loaded.data?.more && (
        <Alert type="info">The first {kMaxClusters} clusters are shown. Those beyond are in <code>aws eks list-clusters</code>.</Alert>
      )}
      <Table
        {...collectionProps}
        variant="full-page"
        stickyHeader
        wrapLines
        columnDefinitions={kColumns}
        items={items}
        loading={loaded.loading && !loaded.data}
        loadingText="Loading clusters"
        ariaLabels={{ tableLabel: 'Clusters', selectionGroupLabel: 'Clusters', itemSelectionLabel: (_, row) => `Select ${row.name}` }}
        trackBy="name"
        selectionType="single"
        selectedItems={chosen ? [chosen] : []}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems[0]?.name)}
        renderAriaLive={({ totalItemsCount }) => `${totalItemsCount} clusters`}
        header={
          <Header variant="awsui-h1-sticky" counter={loaded.data && `(${rows.length})`}
                  actions={
                    <SpaceBetween direction="horizontal" size="xs">
                      <Button iconName="refresh" ariaLabel="Refresh" loading={loaded.loading} onClick={loaded.refresh} />
                      <Button disabled={!chosen || chosen.status === 'DELETING'} onClick={() => setDeleting(chosen?.name)}>Delete</Button>
                      <Button variant="primary" href={href.create}>Create cluster</Button>
                    </SpaceBetween>
                  }>
            Clusters
          </Header>
        }
        filter={
          <PropertyFilter
            {...propertyFilterProps}
            filteringPlaceholder="Filter clusters"
            filteringAriaLabel="Filter clusters"
            countText={`${filteredItemsCount ?? 0} ${filteredItemsCount === 1 ? 'match' : 'matches'}`}
          />
        }
        pagination={<Pagination {...paginationProps} />}
      />
    </SpaceBetween>
  )
}
