import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Toggle from '@cloudscape-design/components/toggle'
import { useState, type FormEvent } from 'react'
import { differenceOf, everybody, isEmpty, publicGuard, requestOf, type EndpointAccess } from '../access'
import { accessOf } from '../aws/eks'
import { isAboutCidrs, told, type Told } from '../aws/errors'
import { Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { blocksOf, remarksOn } from '../sources'
import { useLoad } from '../use-load'
import { DifferenceBox } from './DifferenceBox'
import { SourcesEditor } from './SourcesEditor'

export function ManageAccessPage({ name }: { name: string }) {
  const { eks } = useSession()
  const { data: cluster, error, refresh } = useLoad((signal) => eks.cluster(name, signal), [eks, name])
  if (error) return <Trouble error={error} retry={refresh} />
  if (!cluster) return <Spinner size="large" />
  return <ManageAccessForm name={name} before={accessOf(cluster)} />
}

function ManageAccessForm({ name, before }: { name: string; before: EndpointAccess }) {
  const { eks, notices, report } = useSession()
  const [privateAccess, setPrivateAccess] = useState(before.privateAccess)
  const [publicAccess, setPublicAccess] = useState(before.publicAccess)
  const [rows, setRows] = useState(before.cidrs.length > 0 ? before.cidrs : [''])
  const [advanced, setAdvanced] = useState(!everybody(before.cidrs))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Told>()

  const after: EndpointAccess = { privateAccess, publicAccess, cidrs: blocksOf(rows) }
  const remarks = remarksOn(rows)
  const guard = publicGuard(after)
  const noSource = publicAccess && after.cidrs.length === 0
  const wrong = publicAccess && (noSource || remarks.some((remark) => remark?.kind === 'error'))
  const difference = differenceOf(before, after)
  const unchanged = isEmpty(difference)
  const aboutCidrs = refused !== undefined && isAboutCidrs(refused)

  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (guard || wrong || unchanged || busy) {
      if (wrong) setAdvanced(true)
      return
    }
    setBusy(true)
    setRefused(undefined)
    try {
      notices.follow(eks, name, await eks.changeAccess(name, requestOf(before, after)))
      go(href.cluster(name, 'networking'))
    } catch (error) {
      const words = told(error)
      report(words)
      if (isAboutCidrs(words)) setAdvanced(true)
      setRefused(words)
      setBusy(false)
    }
  }

  const cidrError = aboutCidrs ? refused.message : tried && noSource ? 'Name at least one block, or turn off public access.' : undefined
  return (
    <form onSubmit={(event) => void send(event)}>
      <Form
        header={<Header variant="h1" description={`Cluster ${name}`}>Manage endpoint access</Header>}
        errorText={refused && !aboutCidrs ? `${refused.name}: ${refused.message}` : tried && unchanged ? 'Nothing is changed yet.' : undefined}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={() => go(href.cluster(name, 'networking'))}>Cancel</Button>
            <Button variant="primary" loading={busy} loadingText="Sending the update">Update</Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">API server endpoint access</Header>}>
            <SpaceBetween size="l">
              <FormField label="Private access" description="Requests from within the cluster's VPC, and from networks connected to it, use the private endpoint.">
                <Toggle checked={privateAccess} onChange={({ detail }) => setPrivateAccess(detail.checked)} ariaLabel="Private access">
                  {privateAccess ? 'Enabled' : 'Disabled'}
                </Toggle>
              </FormField>
              <FormField label="Public access" errorText={guard}
                         description="Requests from outside the VPC are admitted from the sources of the allowlist. You must enable private access to disable public access.">
                <Toggle checked={publicAccess} onChange={({ detail }) => setPublicAccess(detail.checked)} ariaLabel="Public access">
                  {publicAccess ? 'Enabled' : 'Disabled'}
                </Toggle>
              </FormField>
              {publicAccess && (
                <ExpandableSection headerText="Advanced settings" expanded={advanced}
                                   onChange={({ detail }) => setAdvanced(detail.expanded)}>
                  <SourcesEditor rows={rows} onChange={setRows} remarks={remarks} error={cidrError} />
                </ExpandableSection>
              )}
              {publicAccess && everybody(after.cidrs) && (
                <Alert type="info">The public endpoint is open to all traffic. Name the blocks that need it in the advanced settings.</Alert>
              )}
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2" description="What the update changes, before it is sent.">Review</Header>}>
            {wrong && <Box color="text-status-error" padding={{ bottom: 's' }}>Mend the sources above first.</Box>}
            {unchanged ? <Box color="text-body-secondary">No changes.</Box> : <DifferenceBox before={before} after={after} difference={difference} />}
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}
