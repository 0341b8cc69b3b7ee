import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import LiveRegion from '@cloudscape-design/components/live-region'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useState } from 'react'
import type { AccessRequest } from '../access'
import { told, type Told } from '../aws/errors'
import type { Preview } from '../aws/insight'
import { inEarlierProcesses, plural } from '../parts'
import { useSession } from '../session'

const kPause = 400 // milliseconds without a keystroke

// What the update would do to those who are connected now, and what it may break. Asked anew whenever the change does.
export function PreviewBox({ cluster, change }: { cluster: string; change: AccessRequest }) {
  const { insight, report } = useSession()
  const [preview, setPreview] = useState<Preview>()
  const [trouble, setTrouble] = useState<Told>()
  const asked = JSON.stringify(change)
  useEffect(() => {
    const abort = new AbortController()
    setPreview(undefined)
    setTrouble(undefined)
    const timer = setTimeout(() => {
      insight.preview(cluster, JSON.parse(asked) as AccessRequest, abort.signal).then(
        setPreview,
        (error: unknown) => {
          if (abort.signal.aborted) return
          const words = told(error)
          report(words)
          setTrouble(words)
        },
      )
    }, kPause)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [insight, report, cluster, asked])

  if (trouble) return <Box color="text-body-secondary">What it would cut cannot be foretold: {trouble.message}</Box>
  if (!preview) return <Box color="text-body-secondary">Looking at the live connections…</Box>
  return (
    <LiveRegion tagName="div">
      <SpaceBetween size="s">
        {preview.warnings.map((warning) => <Alert key={warning} type="warning"><span className="breakable">{warning}</span></Alert>)}
        {preview.connections && <Cut {...preview.connections} />}
        {preview.connections && <Earlier count={preview.connections.inEarlierProcesses} />}
      </SpaceBetween>
    </LiveRegion>
  )
}

function Earlier({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <Box color="text-body-secondary">
      {inEarlierProcesses(count)}: the update cuts those too that lose permission, and they are not counted here.
    </Box>
  )
}

function Cut({ cut, kept, cutSources, cutSourcesOmitted }: NonNullable<Preview['connections']>) {
  if (cut === 0) {
    return <Box>No live connection loses its permission{kept > 0 && `; ${plural(kept, 'connection')} ${kept === 1 ? 'stays' : 'stay'}`}.</Box>
  }
  return (
    <Alert type="warning" header={`The update cuts ${plural(cut, 'live connection')} of ${cut + kept}`}>
      <ExpandableSection headerText="By source" defaultExpanded={cutSources.length <= 5}>
        <ul className="blocks" aria-label="Connections that would be cut">
          {cutSources.map(({ source, side, connections }) => (
            <li key={`${source} ${side}`}>{source}, {side} endpoint: {plural(connections, 'connection')}</li>
          ))}
        </ul>
        {cutSourcesOmitted > 0 && <Box>and {plural(cutSourcesOmitted, 'source')} more</Box>}
      </ExpandableSection>
    </Alert>
  )
}
