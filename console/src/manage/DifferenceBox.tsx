import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import { modeOf, type Difference, type EndpointAccess } from '../access'
import { Blocks, plural } from '../parts'

const kShown = 20

const word = (on: boolean) => (on ? 'Enabled' : 'Disabled')

// A setting as it is and as it will be; what stays is told once.
function Setting({ label, before, after }: { label: string; before: string; after: string }) {
  return (
    <div>
      <Box variant="awsui-key-label">{label}</Box>
      {before === after ? (
        <Box>{before} <Box variant="span" color="text-body-secondary">(unchanged)</Box></Box>
      ) : (
        <Box><s>{before}</s> <span aria-hidden="true">→</span><span className="hidden-label"> becomes </span> <strong>{after}</strong></Box>
      )}
    </div>
  )
}

interface Props {
  before: EndpointAccess
  after: EndpointAccess
  difference: Difference
}

export function DifferenceBox({ before, after, difference }: Props) {
  const { added, removed, kept } = difference
  return (
    <div role="region" aria-label="Changes">
      <ColumnLayout columns={2} variant="text-grid">
        <Setting label="Endpoint access" before={modeOf(before)} after={modeOf(after)} />
        <Setting label="Private access" before={word(before.privateAccess)} after={word(after.privateAccess)} />
        <Setting label="Public access" before={word(before.publicAccess)} after={word(after.publicAccess)} />
        <div>
          <Box variant="awsui-key-label">Public access source allowlist</Box>
          {!after.publicAccess && <Box>Not in force while public access is disabled</Box>}
          {removed.length > 0 && (
            <Blocks blocks={removed} most={kShown}>
              {(block) => <li key={block} className="removed"><span className="hidden-label">removed: </span><del>{block}</del></li>}
            </Blocks>
          )}
          {added.length > 0 && (
            <Blocks blocks={added} most={kShown}>
              {(block) => <li key={block} className="added"><span className="hidden-label">added: </span><strong>{block}</strong></li>}
            </Blocks>
          )}
          {kept > 0 && <Box color="text-body-secondary">{plural(kept, 'block')} unchanged</Box>}
        </div>
      </ColumnLayout>
    </div>
  )
}
