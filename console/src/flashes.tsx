import type { FlashbarProps } from '@cloudscape-design/components/flashbar'
import Link from '@cloudscape-design/components/link'
import type { Update } from './aws/eks'
import type { Deletion } from './deletions'
import type { Followed, Missed } from './notices'
import { plural } from './parts'
import { href } from './route'
import { changedBy } from './updates'

// The steps of an update (docs/adr/0003), as one follows them.
const kSteps: Record<string, string> = {
  accepted: 'The change was accepted.',
  stored: 'The change is stored and goes to every gateway and DNS view.',
  published: 'The change is published; gateways and DNS views are taking it over.',
  acknowledged: 'Every gateway and DNS view enforces it.',
}

const cutOf = (cut: number) =>
  cut === 0 ? 'No connection lost its permission.' : `${plural(cut, 'connection')} that lost permission ${cut === 1 ? 'was' : 'were'} cut.`

// What is so once an update is Successful.
function doneWords({ type, sallyport }: Update): string {
  switch (type) {
    case 'EndpointAccessUpdate':
    case 'VpcConfigUpdate':
      return `Enforced on every gateway and DNS view. ${cutOf(sallyport?.connectionsCut ?? 0)}`
    case 'AccessConfigUpdate':
      return 'In force from the API server\'s next review.'
    default:
      return 'In force.'
  }
}

export function flashOf({ cluster, update, trouble }: Followed, dismiss: (id: string) => void): FlashbarProps.MessageDefinition {
  const id = update.id ?? ''
  const extension = update.sallyport
  const where = <Link color="inverted" href={href.cluster(cluster, 'updates')}>Update history</Link>
  const common = { id, dismissible: true, dismissLabel: 'Dismiss', onDismiss: () => dismiss(id) }
  const warnings = extension?.warnings ?? []
  const what = `${changedBy(update.type)} of ${cluster}`
  switch (update.status) {
    case 'Successful':
      return {
        ...common,
        type: warnings.length > 0 ? 'warning' : 'success',
        header: `${what} is updated`,
        content: (
          <>
            {doneWords(update)} {where}
            {warnings.map((warning) => <div key={warning}>{warning}</div>)}
          </>
        ),
      }
    case 'Failed':
    case 'Cancelled':
      return {
        ...common,
        type: 'error',
        header: `${what} is not updated`,
        content: <>{update.errors?.map((error) => error.errorMessage).join(' ')} The setting before is in force. {where}</>,
      }
    default:
      return {
        ...common,
        type: trouble ? 'warning' : 'in-progress',
        loading: !trouble,
        header: `${what} is being updated`,
        content: <>{trouble ?? kSteps[extension?.step ?? ''] ?? 'The update is under way.'} {where}</>,
      }
  }
}

export function missedFlashOf({ id, why }: Missed, dismiss: (id: string) => void): FlashbarProps.MessageDefinition {
  return {
    id, type: 'error', dismissible: true, dismissLabel: 'Dismiss', onDismiss: () => dismiss(id), header: why.name,
    content: <>What was asked for on the page before was refused: {why.message}</>,
  }
}

export function deletionFlashOf({ id, cluster, state, words }: Deletion, dismiss: (id: string) => void): FlashbarProps.MessageDefinition {
  const common = { id, dismissible: true, dismissLabel: 'Dismiss', onDismiss: () => dismiss(id) }
  switch (state) {
    case 'gone':
      return { ...common, type: 'success', header: `Cluster ${cluster} is deleted` }
    case 'kept':
      return { ...common, type: 'error', header: `Cluster ${cluster} is not deleted`, content: words }
    case 'under way':
      return { ...common, type: words ? 'warning' : 'in-progress', loading: !words, header: `Deleting cluster ${cluster}`, content: words }
  }
}
