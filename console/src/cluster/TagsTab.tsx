import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import type { Cluster } from '../aws/eks'
import { Empty, None } from '../parts'

export function TagsTab({ cluster }: { cluster: Cluster }) {
  const tags = Object.entries(cluster.tags ?? {}).sort(([a], [b]) => a.localeCompare(b))
  return (
    <Table
      variant="container"
      header={<Header variant="h2" counter={`(${tags.length})`}>Tags</Header>}
      ariaLabels={{ tableLabel: 'Tags' }}
      items={tags}
      wrapLines
      empty={<Empty title="No tags">Add some with <code>aws eks tag-resource</code>.</Empty>}
      columnDefinitions={[
        { id: 'key', header: 'Key', isRowHeader: true, cell: ([key]) => <span className="breakable">{key}</span> },
        { id: 'value', header: 'Value', cell: ([, value]) => (value ? <span className="breakable">{value}</span> : <None />) },
      ]}
    />
  )
}
