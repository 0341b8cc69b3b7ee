import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Tabs from '@cloudscape-design/components/tabs'
import { lazy, Suspense, useState } from 'react'
import type { Cluster } from '../aws/eks'
import { isSettling } from '../clusters'
import { Trouble } from '../parts'
import { go, href, kTabs, type Tab } from '../route'
import { useSession } from '../session'
import { TagsBox } from '../tags-box'
import { useLoad } from '../use-load'
import { useRepeat } from '../use-repeat'
import { AccessTab } from './AccessTab'
import { DeleteClusterDialog } from './DeleteClusterDialog'
import { OverviewTab } from './OverviewTab'
import { UpdatesTab } from './UpdatesTab'

const NetworkingTab = lazy(() => import('./NetworkingTab'))

const kLabels: Record<Tab, string> = {
  overview: 'Overview',
  networking: 'Networking',
  access: 'Access',
  updates: 'Update history',
  tags: 'Tags',
}

function content(tab: Tab, cluster: Cluster, refresh: () => void) {
  switch (tab) {
    case 'overview': return <OverviewTab cluster={cluster} />
    case 'networking': return <NetworkingTab cluster={cluster} />
    case 'access': return <AccessTab cluster={cluster} />
    case 'updates': return <UpdatesTab name={cluster.name ?? ''} />
    case 'tags': return <TagsBox arn={cluster.arn ?? ''} tags={cluster.tags ?? {}} onChanged={refresh} />
  }
}

export function ClusterPage({ name, tab }: { name: string; tab: Tab }) {
  const { eks, notices, settings } = useSession()
  const { data: cluster, error, loading, refresh } = useLoad((signal) => eks.cluster(name, signal), [eks, name, notices.ended])

  const [deleting, setDeleting] = useState(false)

  // Not before the last look was answered; and what is gone is not looked for again.
  useRepeat(isSettling(cluster?.status) && !loading && error?.name !== 'ResourceNotFoundException', refresh)

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" loading={loading} onClick={refresh} />
            <Button disabled={!cluster || cluster.status === 'DELETING'} onClick={() => setDeleting(true)}>Delete cluster</Button>
            {settings.workplace && <Button href={href.workplace(name)}>Open workplace</Button>}
          </SpaceBetween>
        }
      >
        {name}
      </Header>
      {deleting && <DeleteClusterDialog name={name} onClose={() => setDeleting(false)} />}
      {error && <Trouble error={error} retry={refresh} />}
      {cluster?.health?.issues?.map((issue) => (
        <Alert key={`${issue.code} ${issue.message}`} type="warning" header={issue.code === 'Other' ? 'Health issue' : issue.code}>
          <span className="breakable">{issue.message}</span>
        </Alert>
      ))}
      {cluster ? (
        <Tabs
          ariaLabel={`Cluster ${name}`}
          activeTabId={tab}
          onChange={({ detail }) => go(href.cluster(name, detail.activeTabId as Tab))}
          tabs={kTabs.map((id) => ({
            id,
            label: kLabels[id],
            href: href.cluster(name, id),
            content: id === tab && <Suspense fallback={<Spinner />}>{content(id, cluster, refresh)}</Suspense>,
          }))}
        />
      ) : (
        !error && <Spinner size="large" />
      )}
    </SpaceBetween>
  )
}
