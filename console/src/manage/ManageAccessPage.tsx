import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useState, type FormEvent } from 'react'
import { admitsPublicly, differenceOf, isEmpty, openTo, publicGuard, requestOf, type EndpointAccess } from '../access'
import { accessOf } from '../aws/eks'
import { Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { useLoad } from '../use-load'
import { AccessFields, accessOfDraft, draftOf, hasWrongSources, withBlock } from './AccessFields'
import { DifferenceBox } from './DifferenceBox'
import { PreviewBox } from './PreviewBox'
import { useSubmission } from './use-submission'

export function ManageAccessPage({ name, allow }: { name: string; allow?: string | undefined }) {
  const { eks } = useSession()
  const { data: cluster, error, refresh } = useLoad((signal) => eks.cluster(name, signal), [eks, name])
  if (error) return <Trouble error={error} retry={refresh} />
  if (!cluster) return <Spinner size="large" />
  return <ManageAccessForm name={name} before={accessOf(cluster)} allow={allow} />
}

function ManageAccessForm({ name, before, allow }: { name: string; before: EndpointAccess; allow: string | undefined }) {
  const { eks, notices, settings } = useSession()
  const [draft, setDraft] = useState(() => withBlock(draftOf(before), allow))
  const [advanced, setAdvanced] = useState(allow !== undefined || openTo(before.cidrs) === undefined)
  const [tried, setTried] = useState(false)
  const { busy, submit, refusal, refusedCidrs } = useSubmission(() => setAdvanced(true))

  const after = accessOfDraft(draft)
  const wrong = hasWrongSources(draft)
  const guard = publicGuard(after)
  const difference = differenceOf(before, after)
  const unchanged = isEmpty(difference)
  const own = settings.sourceAddress
  const shutsOut = own && !wrong && admitsPublicly(before, own) && !admitsPublicly(after, own)

  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (wrong) setAdvanced(true)
    if (guard || wrong || unchanged || busy) return
    const sent = await submit(async () => notices.follow(eks, name, await eks.changeAccess(name, requestOf(before, after))))
    if (sent) go(href.cluster(name, 'networking'))
  }

  return (
    <form onSubmit={(event) => void send(event)}>
      <Form
        header={<Header variant="h1" description={`Cluster ${name}`}>Manage endpoint access</Header>}
        errorText={refusal ?? (tried && unchanged ? 'Nothing is changed yet.' : undefined)}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" disabled={busy} onClick={() => go(href.cluster(name, 'networking'))}>Cancel</Button>
            <Button variant="primary" loading={busy} loadingText="Sending the update">Update</Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">API server endpoint access</Header>}>
            <AccessFields draft={draft} onChange={setDraft} tried={tried} expanded={advanced} onExpand={setAdvanced}
                          refusal={refusedCidrs} />
          </Container>
          <Container header={<Header variant="h2" description="What the update changes, before it is sent.">Review</Header>}>
            {wrong && <Box color="text-status-error" padding={{ bottom: 's' }}>Mend the sources above first.</Box>}
            {unchanged ? <Box color="text-body-secondary">No changes.</Box> : (
              <SpaceBetween size="l">
                {shutsOut && <Alert type="warning">Your own address, {own}, is admitted by the public endpoint now and will not be.</Alert>}
                <DifferenceBox before={before} after={after} difference={difference} />
                {!wrong && !guard && <PreviewBox cluster={name} change={requestOf(before, after)} />}
              </SpaceBetween>
            )}
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}
