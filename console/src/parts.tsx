// What several pages show alike.

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import LiveRegion from '@cloudscape-design/components/live-region'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import type { Told } from './aws/errors'

export function Trouble({ error, retry }: { error: Told; retry?: () => void }) {
  return (
    <LiveRegion tagName="div">
      <Alert type="error" header={error.name} action={retry && <Button onClick={retry}>Try again</Button>}>
        <span className="breakable">{error.message}</span>
        {error.requestId && <Box color="text-body-secondary" fontSize="body-s">Request {error.requestId}</Box>}
      </Alert>
    </LiveRegion>
  )
}

const kIndicators: Record<string, StatusIndicatorProps.Type> = {
  ACTIVE: 'success', Successful: 'success',
  CREATING: 'in-progress', UPDATING: 'in-progress', PENDING: 'in-progress', InProgress: 'in-progress',
  DELETING: 'in-progress',
  FAILED: 'error', Failed: 'error',
  Cancelled: 'stopped',
  Loading: 'loading',
}

const kWords: Record<string, string> = { InProgress: 'In progress' }

export function Status({ of }: { of: string | undefined }) {
  if (!of) return <StatusIndicator type="info">Not known</StatusIndicator>
  const word = kWords[of] ?? of.charAt(0).toUpperCase() + of.slice(1).toLowerCase()
  return <StatusIndicator type={kIndicators[of] ?? 'info'} wrapText={false}>{word}</StatusIndicator>
}

export const Enabled = ({ on }: { on: boolean }) => (
  <StatusIndicator type={on ? 'success' : 'stopped'}>{on ? 'Enabled' : 'Disabled'}</StatusIndicator>
)

export const None = () => <Box color="text-status-inactive">-</Box>

export function Copied({ text, what }: { text: string | undefined; what: string }) {
  if (!text) return <None />
  return (
    <span className="breakable">
      <CopyToClipboard variant="inline" textToCopy={text} copyButtonAriaLabel={`Copy ${what}`} copySuccessText="Copied"
                       copyErrorText="The browser did not let it be copied" />
    </span>
  )
}

export const at = (time: Date | undefined) => (time ? <time dateTime={time.toISOString()}>{kFormat.format(time)}</time> : <None />)
const kFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <Box textAlign="center" color="inherit" padding="s">
    <Box variant="strong" color="inherit">{title}</Box>
    {children && <Box padding={{ top: 'xxs' }} color="inherit">{children}</Box>}
  </Box>
)

// A long list of blocks: the first few, and how many more there are.
export function Blocks({ blocks, most, label, children }: {
  blocks: readonly string[]
  most: number
  label?: string
  children: (block: string) => ReactNode
}) {
  const more = blocks.length - most
  return (
    <>
      <ul className="blocks" aria-label={label}>{blocks.slice(0, most).map(children)}</ul>
      {more > 0 && (
        <ExpandableSection variant="inline" headerText={`${more} more`}>
          <ul className="blocks">{blocks.slice(most).map(children)}</ul>
        </ExpandableSection>
      )}
    </>
  )
}

export const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`

export const inEarlierProcesses = (count: number) =>
  `${plural(count, 'connection')} of all clusters ${count === 1 ? 'goes' : 'go'} on in earlier processes since a restart`
