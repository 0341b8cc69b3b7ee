import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import { useState } from 'react'
import { modeName, nextMode, type NextMode } from '../authentication'
import type { Cluster } from '../aws/eks'
import { Confirm } from '../confirm'
import { useSession } from '../session'

interface Asked {
  from: string
  next: NextMode
}

// How the cluster knows people of IAM, and the step to the next way.
export function AuthenticationBox({ cluster }: { cluster: Cluster }) {
  const { eks, notices } = useSession()
  const [asked, setAsked] = useState<Asked>() // as it was when it was asked, whatever the cluster becomes meanwhile
  const name = cluster.name ?? ''
  const mode = cluster.accessConfig?.authenticationMode
  const next = nextMode(mode)
  const close = () => setAsked(undefined)
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            // The focus comes back to it from the dialog, so it stays when there is no further mode.
            <Button disabled={!next} disabledReason="There is no further mode, and no way back."
                    onClick={() => next && setAsked({ from: modeName(mode), next })}>
              Change authentication mode
            </Button>
          }
        >
          Cluster authentication mode
        </Header>
      }
    >
      <KeyValuePairs columns={1} items={[{ label: 'Authentication mode', value: modeName(mode) }]} />
      {asked && (
        <Confirm
          title="Change authentication mode"
          action="Change"
          work={async () => notices.follow(eks, name, await eks.changeAuthentication(name, asked.next.mode))}
          onDone={close}
          onClose={close}
        >
          <Box>
            Change the authentication mode of <strong className="breakable">{name}</strong> from {asked.from} to{' '}
            {modeName(asked.next.mode)}? {asked.next.effect}
          </Box>
          <Alert type="warning">This cannot be undone: there is no way back to {asked.from}.</Alert>
        </Confirm>
      )}
    </Container>
  )
}
