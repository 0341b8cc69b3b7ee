import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import { Entries } from '../aws/entries'
import { Confirm } from '../confirm'
import { useSession } from '../session'

interface Props {
  cluster: string
  principal: string
  onDone: () => void
  onClose: () => void
}

export function DeleteEntryDialog({ cluster, principal, onDone, onClose }: Props) {
  const { eks, caller } = useSession()
  return (
    <Confirm title="Delete access entry" action="Delete" onDone={onDone} onClose={onClose}
             work={() => new Entries(eks.client, cluster).remove(principal)}>
      <Box>
        Delete the access entry of <strong className="breakable">{principal}</strong>? The principal no longer enters{' '}
        cluster <strong>{cluster}</strong> by its IAM credentials.
      </Box>
      {isCallers(principal, caller.arn) && <Alert type="warning">This is the entry of the principal you are signed in as.</Alert>}
    </Confirm>
  )
}

// A session's ARN names its role without the path.
function isCallers(principal: string, caller: string): boolean {
  if (principal === caller) return true
  const session = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\//.exec(caller)
  const role = /^arn:[^:]+:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(principal)
  return session !== null && role !== null && session[1] === role[1] && session[2] === role[2]
}
