import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import LiveRegion from '@cloudscape-design/components/live-region'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState, type FormEvent } from 'react'
import { told, type Told } from '../aws/errors'
import type { Explanation } from '../aws/insight'
import { parseAddress } from '../cidr'
import { None, Trouble } from '../parts'
import { useSession } from '../session'

const kOutside: SelectProps.Option = { value: '', label: 'Outside every VPC', description: 'The internet, as public DNS sees it' }

// Asks what the gateway would do and what DNS answers: the two functions that decide are the server's.
export function ReachBox({ cluster, vpcs }: { cluster: string; vpcs: { id: string; name: string | undefined }[] }) {
  const { insight, report, settings } = useSession()
  const [source, setSource] = useState('')
  const [vantage, setVantage] = useState<SelectProps.Option>(kOutside)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Explanation>()
  const [trouble, setTrouble] = useState<Told>()
  const wrong = parseAddress(source.trim()) ? undefined : 'An IPv4 or IPv6 address is needed; names are not looked up.'

  const check = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (wrong) setAnswer(undefined)
    if (wrong || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      setAnswer(await insight.explain(cluster, source.trim(), vantage.value || undefined, new AbortController().signal))
    } catch (error) {
      const words = told(error)
      report(words)
      setAnswer(undefined)
      setTrouble(words)
    }
    setBusy(false)
  }

  const vpcOptions = vpcs.map(({ id, name }): SelectProps.Option => ({ value: id, label: id, ...(name ? { description: name } : {}) }))
  return (
    <Container header={<Header variant="h2" description="What DNS answers to an address, and whether the endpoint admits it, by the setting in force.">Who can reach this?</Header>}>
      <SpaceBetween size="l">
        <form onSubmit={(event) => void check(event)}>
          <Grid gridDefinition={[{ colspan: { default: 12, s: 5 } }, { colspan: { default: 12, s: 5 } }, { colspan: { default: 12, s: 2 } }]}>
            <FormField label="Source address" errorText={tried ? wrong : undefined}>
              <Input value={source} onChange={({ detail }) => setSource(detail.value)} placeholder={settings.sourceAddress}
                     autoComplete={false} spellcheck={false} />
            </FormField>
            <FormField label="Vantage">
              <Select selectedOption={vantage} options={[kOutside, ...vpcOptions]}
                      onChange={({ detail }) => setVantage(detail.selectedOption)} />
            </FormField>
            <Box padding={{ top: 'xl' }}><Button loading={busy} loadingText="Asking">Check</Button></Box>
          </Grid>
        </form>
        {trouble && <Trouble error={trouble} />}
        {answer && <LiveRegion tagName="div"><Answer answer={answer} /></LiveRegion>}
      </SpaceBetween>
    </Container>
  )
}

function Answer({ answer }: { answer: Explanation }) {
  const { dns, arrival, decision, reachable } = answer
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={4}
        items={[
          { label: answer.source,
            value: <StatusIndicator type={reachable ? 'success' : 'error'}>{reachable ? 'Reaches the cluster' : 'Does not reach the cluster'}</StatusIndicator> },
          { label: 'DNS answer', value: dns.addresses.length > 0 ? `${dns.addresses.join(', ')} (for ${dns.ttl} s)` : dns.status },
          { label: 'Arrives at', value: <>The {arrival.side} endpoint{answer.seenAs !== answer.source && `, as ${answer.seenAs}`}</> },
          { label: 'Decision', value: <>{decision.allow ? 'Allowed' : 'Denied'} ({decision.reason}){decision.matchedRule ? <div>by {decision.matchedRule}</div> : <div>by no rule</div>}</> },
        ]}
      />
      {answer.sentences.length === 0 ? <None /> : (
        <ol>{answer.sentences.map((sentence) => <li key={sentence} className="breakable">{sentence}</li>)}</ol>
      )}
    </SpaceBetween>
  )
}
