import { useCollection } from '@cloudscape-design/collection-hooks'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import Pagination from '@cloudscape-design/components/pagination'
import PropertyFilter from '@cloudscape-design/components/property-filter'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useState } from 'react'
import { DeleteClusterDialog } from './cluster/DeleteClusterDialog'
import type { ClusterRow } from './clusters'
import { Copied, Empty, None, Status, Trouble, at } from './parts'
import { href } from './route'
import { useClusters } from './use-clusters'

const kColumns: TableProps.ColumnDefinition<ClusterRow>[] = [
  { id: 'name', header: 'Cluster name', sortingField: 'name', isRowHeader: true,
    cell: (row) => <Link href={href.cluster(row.name)}>{row.name}</Link> },
  { id: 'status', header: 'Status', sortingField: 'status', cell: (row) => <Status of={row.seen ? row.status : 'Loading'} /> },
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

const kNoRows: readonly ClusterRow[] = []

export function ClustersPage() {
  const { rows, error, loading, refresh } = useClusters()
  const [selected, setSelected] = useState<string>()
  const [deleting, setDeleting] = useState<string>()
  const { items, collectionProps, propertyFilterProps, paginationProps, filteredItemsCount, actions } = useCollection(rows ?? kNoRows, {
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

  const awaited = rows?.filter(({ seen }) => !seen).length ?? 0
  const chosen = rows?.find(({ name }) => name === selected)

  return (
    <SpaceBetween size="l">
      {deleting && <DeleteClusterDialog name={deleting} onClose={() => setDeleting(undefined)} />}
      {error && <Trouble error={error} retry={refresh} />}
      <Table
        {...collectionProps}
        variant="full-page"
        stickyHeader
        wrapLines
        columnDefinitions={kColumns}
        items={items}
        loading={loading && !rows}
        loadingText="Loading clusters"
        ariaLabels={{ tableLabel: 'Clusters', selectionGroupLabel: 'Clusters', itemSelectionLabel: (_, row) => `Select ${row.name}` }}
        trackBy="name"
        selectionType="single"
        selectedItems={chosen ? [chosen] : []}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems[0]?.name)}
        renderAriaLive={({ totalItemsCount }) => `${totalItemsCount} clusters`}
        header={
          <Header variant="awsui-h1-sticky" counter={rows && (awaited > 0 ? `(${rows.length - awaited} of ${rows.length} loaded)` : `(${rows.length})`)}
                  actions={
                    <SpaceBetween direction="horizontal" size="xs">
                      <Button iconName="refresh" ariaLabel="Refresh" loading={loading} onClick={refresh} />
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
