import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { Update } from '../aws/eks'
import { at, Empty, None, Status, Trouble } from '../parts'
import { useSession } from '../session'
import { changedBy } from '../updates'
import { useLoad } from '../use-load'

const kShown = 50

function Parameters({ update }: { update: Update }) {
  return (
    <>
      {update.params?.map((parameter) => (
        <div key={parameter.type} className="breakable">{parameter.type}: {shown(parameter.value ?? '')}</div>
      ))}
    </>
  )
}

const kNamed = 10

const listed = (blocks: string[]) =>
  (blocks.slice(0, kNamed).join(', ') || 'none') + (blocks.length > kNamed ? ` and ${blocks.length - kNamed} more` : '')

// Lists are JSON in a string.
function shown(value: string): string {
  try {
    const parsed: unknown = JSON.parse(value)
    if (Array.isArray(parsed) && parsed.every((one) => typeof one === 'string')) return listed(parsed)
  } catch {
    // A plain word.
  }
  return value
}

function Notes({ update }: { update: Update }) {
  const notes = [...(update.errors ?? []).map((error) => `${error.errorCode}: ${error.errorMessage}`),
                 ...(update.sallyport?.warnings ?? [])]
  if (notes.length === 0) return <None />
  return <>{notes.map((note) => <div key={note} className="breakable">{note}</div>)}</>
}

export function UpdatesTab({ name }: { name: string }) {
  const { eks, notices } = useSession()
  const { data, error, loading, refresh } = useLoad((signal) => eks.updates(name, signal, kShown), [eks, name, notices.ended])
  return (
    <SpaceBetween size="l">
      {error && <Trouble error={error} retry={refresh} />}
      <Table
        variant="container"
        header={<Header variant="h2" counter={data && `(${data.length}${data.length === kShown ? '+' : ''})`}>Update history</Header>}
        ariaLabels={{ tableLabel: 'Update history' }}
        loading={loading && !data}
        loadingText="Loading updates"
        items={data ?? []}
        trackBy="id"
        wrapLines
        empty={<Empty title="No updates">The cluster is as it was created.</Empty>}
        columnDefinitions={[
          { id: 'type', header: 'Update type', isRowHeader: true, minWidth: 190,
            cell: (update) => <>{changedBy(update.type)}<Box color="text-body-secondary" fontSize="body-s"><span className="breakable">{update.id}</span></Box></> },
          { id: 'status', header: 'Status', minWidth: 140, cell: (update) => <Status of={update.status} /> },
          { id: 'cut', header: 'Connections cut', cell: (update) => update.sallyport?.connectionsCut ?? <None /> },
          { id: 'at', header: 'Submission time', cell: (update) => at(update.createdAt) },
          { id: 'parameters', header: 'Parameters', minWidth: 240, cell: (update) => <Parameters update={update} /> },
          { id: 'notes', header: 'Errors and warnings', cell: (update) => <Notes update={update} /> },
        ]}
      />
    </SpaceBetween>
  )
}
