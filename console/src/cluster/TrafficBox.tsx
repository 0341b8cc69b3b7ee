import Box from '@cloudscape-design/components/box'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { lazy, Suspense, useState } from 'react'
import type { Traffic } from '../aws/insight'
import { at, Empty, None, plural, Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { allowedRows, blocksAround, countInWords, deniedRows, reasonInWords, remedyOf, type SourceRow } from '../traffic'
import { useLoad } from '../use-load'
import { useRepeat } from '../use-repeat'

const TrafficChart = lazy(() => import('./TrafficChart'))

const kPause = 5000 // milliseconds
const kRows = 10

// Who connects and who is denied, as the gateways count it.
export function TrafficBox({ cluster, publicAccess }: { cluster: string; publicAccess: boolean }) {
  const { insight } = useSession()
  const { data, error, loading, refresh } = useLoad((signal) => insight.traffic(cluster, signal), [insight, cluster])
  useRepeat(!error && !loading, refresh, kPause) // until it is tried again, or answered

  return (
    <Container header={<Header variant="h2" description="Connections that the gateway admitted and denied, by source.">Connections</Header>}>
      <SpaceBetween size="l">
        {error && <Trouble error={error} retry={refresh} />}
        {!data && loading && <Spinner />}
        {!data && !loading && !error && <Box color="text-body-secondary">The gateways run apart from this API; ask one with `sallyport traffic`.</Box>}
        {data && <Seen traffic={data} cluster={cluster} publicAccess={publicAccess} />}
      </SpaceBetween>
    </Container>
  )
}

function Seen({ traffic, cluster, publicAccess }: { traffic: Traffic; cluster: string; publicAccess: boolean }) {
  const { allowed, denied, unnamed, kernelFilter, untracked } = traffic
  return (
    <SpaceBetween size="m">
      <Suspense fallback={<Spinner />}>
        <TrafficChart traffic={traffic} />
      </Suspense>
      <Box>
        Since {at(new Date(traffic.since))}: {allowed.connections} allowed, {denied.connections} denied by this cluster&rsquo;s
        setting. Since {at(new Date(unnamed.since))}: {unnamed.connections} refused at its listeners at once, because no cluster
        there admits the source.
      </Box>
      {kernelFilter.active && (
        <Box color="text-body-secondary" fontSize="body-s">
          Most of those are dropped by the kernel, uncounted here and not in the chart: {plural(kernelFilter.droppedSyns, 'attempt')} at
          all listeners, repetitions counted, those before a restart without an interruption too.
          {kernelFilter.sourcesKnown ? ' The most recent are among the denied sources, with their attempts.' : ' Their sources are not known.'}
        </Box>
      )}
      {untracked > 0 && (
        <Box color="text-status-warning" fontSize="body-s">
          The gateway had no room to tell the sources of {plural(untracked, 'connection')} to other clusters than it follows.
        </Box>
      )}
      <Sources traffic={traffic} cluster={cluster} publicAccess={publicAccess} />
    </SpaceBetween>
  )
}

function Sources({ traffic, cluster, publicAccess }: { traffic: Traffic; cluster: string; publicAccess: boolean }) {
  const [shown, setShown] = useState('denied')
  const [wanted, setPage] = useState(1)
  const isDenied = shown === 'denied'
  const rows = isDenied ? deniedRows(traffic) : allowedRows(traffic)
  const omitted = isDenied ? traffic.denied.sourcesOmitted + traffic.unnamed.sourcesOmitted : traffic.allowed.sourcesOmitted
  const pages = Math.max(1, Math.ceil(rows.length / kRows))
  const page = Math.min(wanted, pages)
  const name = isDenied ? 'Denied sources' : 'Allowed sources'
  const columns: TableProps.ColumnDefinition<SourceRow>[] = [
    { id: 'source', header: 'Source', isRowHeader: true, minWidth: 140, cell: ({ source }) => source.includes(':') ? <span className="breakable">{source}</span> : <span className="whole">{source}</span> },
    { id: 'side', header: 'Endpoint', cell: ({ side }) => (side === 'public' ? 'Public' : 'Private') },
    { id: 'attempts', header: isDenied ? 'Attempts' : 'Connections', cell: countInWords },
    { id: 'seen', header: 'Last seen', minWidth: 110, cell: ({ lastSeen }) => at(lastSeen) },
  ]
  const denials: typeof columns = [
    { id: 'reason', header: 'Last reason', minWidth: 200, cell: ({ reason }) => reasonInWords(reason) },
    { id: 'allow', header: 'To allow it', minWidth: 170, cell: (row) => <Remedy row={row} cluster={cluster} publicAccess={publicAccess} /> },
  ]
  return (
    <Table
      variant="embedded"
      wrapLines
      header={
        <Header variant="h3" counter={`(${rows.length}${omitted > 0 ? ` and ${omitted} more` : ''})`}
                actions={
                  <SegmentedControl selectedId={shown} label="Sources to show"
                                    onChange={({ detail }) => { setShown(detail.selectedId); setPage(1) }}
                                    options={[{ id: 'denied', text: 'Denied' }, { id: 'allowed', text: 'Allowed' }]} />
                }>
          {name}
        </Header>
      }
      pagination={pages > 1 && (
        <Pagination currentPageIndex={page} pagesCount={pages} onChange={({ detail }) => setPage(detail.currentPageIndex)} />
      )}
      ariaLabels={{ tableLabel: name }}
      items={rows.slice((page - 1) * kRows, page * kRows)}
      trackBy={({ source, side }) => `${side} ${source}`}
      empty={<Empty title={isDenied ? 'Nobody was denied' : 'Nobody has connected'} />}
      columnDefinitions={isDenied ? [...columns, ...denials] : columns}
    />
  )
}

// Leads to the review of an update; nothing is changed here.
function Remedy({ row, cluster, publicAccess }: { row: SourceRow; cluster: string; publicAccess: boolean }) {
  const remedy = remedyOf(row, publicAccess)
  if (remedy) return <>{remedy}</>
  const [alone, ...around] = blocksAround(row.source)
  if (!alone) return <None />
  const allow = (block: string) => go(href.allow(cluster, block))
  return (
    <ButtonDropdown
      mainAction={{ text: 'Allow this', ariaLabel: `Allow this: ${alone}`, onClick: () => allow(alone) }}
      items={around.map((block) => ({ id: block, text: `Allow ${block}` }))}
      onItemClick={({ detail }) => allow(detail.id)}
      ariaLabel={`Blocks around ${row.source}`}
    />
  )
}
