import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { modeOf, type AccessRequest } from '../access'
import { accessOf } from '../aws/eks'
import { Confirm } from '../confirm'
import { inEarlierProcesses, plural, Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { useLoad } from '../use-load'

export function DeleteClusterDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { eks, insight, deletions } = useSession()
  const { data: cluster, error, refresh } = useLoad((signal) => eks.cluster(name, signal), [eks, name])
  // A preview counts what a change would keep and cut, which together are all that is there, whatever the change. The
  // setting as it is would be refused, so it is asked about one that is always allowed.
  const present = cluster?.resourcesVpcConfig ? accessOf(cluster) : undefined
  const side = present && JSON.stringify(
    present.publicAccess ? { endpointPrivateAccess: !present.privateAccess } : { endpointPublicAccess: true })
  const pool = cluster?.tags?.['sallyport.dev/pool']
  const live = useLoad(async (signal) => {
    if (!side) return undefined
    const { connections } = await insight.preview(name, JSON.parse(side) as AccessRequest, signal)
    return connections && { here: connections.cut + connections.kept, earlier: connections.inEarlierProcesses }
  }, [insight, name, side])

  const lived = () => {
    if (live.error) return `How many connections are live is not known: ${live.error.message}`
    if (live.data === undefined) return live.loading || !side ? 'Looking at the live connections…' : 'How many connections are live is not known here.'
    const { here, earlier } = live.data
    const found = here === 0 ? 'No connection is live through its endpoint'
      : `${plural(here, 'connection')} ${here === 1 ? 'is' : 'are'} live through its endpoint now`
    return earlier === 0 ? `${found}.` : `${found}, of those this process has. ${inEarlierProcesses(earlier)}: those through its endpoint end too.`
  }

  return (
    <Confirm
      title="Delete cluster"
      action="Delete"
      typed={name}
      disabled={!cluster || cluster.deletionProtection === true}
      work={async () => deletions.follow(eks, await eks.remove(name))}
      onDone={() => {
        onClose()
        go(href.clusters)
      }}
      onClose={onClose}
    >
      {error && <Trouble error={error} retry={refresh} />}
      {cluster?.deletionProtection && (
        <Alert type="warning" header="Deletion protection is on">
          Turn it off first, on the cluster's <Link href={href.cluster(name)} onFollow={onClose}>Overview</Link> tab.
        </Alert>
      )}
      <Box>
        Delete <strong className="breakable">{name}</strong>? Its endpoint, access entries and tags end with it, and this cannot be undone.{' '}
        {pool ? <>The API servers of pool {pool} go on, with their data.</>
          : <strong>API servers that the provider made for it are destroyed, with everything stored in the cluster</strong>}
        {!pool && '; those of a pool go on.'}
      </Box>
      <Alert type="warning">
        <SpaceBetween size="xxs">
          {present && <span>API server endpoint access: {modeOf(present)}</span>}
          <span className="breakable">{lived()}</span>
        </SpaceBetween>
      </Alert>
    </Confirm>
  )
}
