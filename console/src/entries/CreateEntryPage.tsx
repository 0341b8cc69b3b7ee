import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState, type FormEvent } from 'react'
import { Entries } from '../aws/entries'
import { fieldOf, filled, kStandard, kTypes, policyName, principalFault, type EntryField, type PolicyDraft } from '../entries'
import { go, href } from '../route'
import { useSession } from '../session'
import { useAct } from '../use-act'
import { hasWrongIdentity, IdentityFields } from './IdentityFields'
import { PoliciesTable } from './PoliciesTable'
import { draftOf, isWrong, kNoChoice, PolicyFields } from './PolicyFields'

const kUsernameHelp = 'Left out: the ARN of the user, or the session of the role.'

export default function CreateEntryPage({ name }: { name: string }) {
  const { eks } = useSession()
  const entries = useMemo(() => new Entries(eks.client, name), [eks, name])
  const [principal, setPrincipal] = useState('')
  const [type, setType] = useState(kStandard)
  const [identity, setIdentity] = useState({ username: '', groups: [] as string[] })
  const [policies, setPolicies] = useState<PolicyDraft[]>([])
  const [choice, setChoice] = useState(kNoChoice)
  const [triedPolicy, setTriedPolicy] = useState(false)
  const [tried, setTried] = useState(false)
  const [made, setMade] = useState(false) // the entry is there, and some policy could not be associated
  const [at, setAt] = useState<string>() // the policy that is being associated
  const { busy, refused, act } = useAct()

  const standard = type === kStandard
  const arn = principal.trim()
  const field = refused && !made ? fieldOf(refused) : undefined
  const hasPlace = field === 'principal' || field === 'type' || (standard && (field === 'username' || field === 'groups'))
  const refusal = (of: EntryField) => (field === of ? refused?.message : undefined)
  const halfChosen = standard && choice.policyArn !== ''

  const addPolicy = () => {
    setTriedPolicy(true)
    if (isWrong(choice)) return
    const draft = draftOf(choice)
    setPolicies([...policies.filter(({ policyArn }) => policyArn !== draft.policyArn), draft])
    setChoice(kNoChoice)
    setTriedPolicy(false)
  }

  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (halfChosen) setTriedPolicy(true)
    if (busy || principalFault(arn) || (standard && (hasWrongIdentity(identity) || halfChosen))) return
    const groups = filled(identity.groups)
    const username = identity.username.trim()
    let created = made
    const done = await act(async () => {
      if (!created) {
        await entries.create({
          principalArn: arn, type,
          ...(standard && username ? { username } : {}),
          ...(standard && groups.length > 0 ? { kubernetesGroups: groups } : {}),
        })
        created = true
      }
      for (const policy of standard ? policies : []) {
        setAt(policy.policyArn)
        await entries.associate(arn, policy)
      }
    })
    if (done) go(href.entry(name, arn))
    else setMade(created)
  }

  const error = made && refused
    ? `The access entry is made, but ${policyName(at)} is not associated. ${refused.name}: ${refused.message}`
    : refused && !hasPlace ? `${refused.name}: ${refused.message}` : undefined
  return (
    <form onSubmit={(event) => void send(event)}>
      <Form
        header={<Header variant="h1" description={`Cluster ${name}`}>Create access entry</Header>}
        errorText={error ?? (tried && halfChosen ? 'Add the policy that is chosen, or clear it.' : undefined)}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" disabled={busy} onClick={() => go(made ? href.entry(name, arn) : href.cluster(name, 'access'))}>
              {made ? 'View access entry' : 'Cancel'}
            </Button>
            <Button variant="primary" loading={busy} loadingText="Creating the access entry">{made ? 'Try again' : 'Create'}</Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {!made && (
            <Container header={<Header variant="h2">Configure IAM access entry</Header>}>
              <SpaceBetween size="l">
                <FormField label="IAM principal ARN" description="A user, a role or root of this account. It cannot be changed later."
                           errorText={(tried ? principalFault(arn) : undefined) ?? refusal('principal')}>
                  <Input value={principal} onChange={({ detail }) => setPrincipal(detail.value)} autoComplete={false} spellcheck={false}
                         placeholder="arn:aws:iam::000000000000:role/dev" ariaRequired />
                </FormField>
                <FormField label="Type" errorText={refusal('type')}
                           description={standard ? 'It cannot be changed later.' : 'For the roles of nodes: user and groups are fixed, access policies have no place.'}>
                  <Select selectedOption={kTypes.find(({ value }) => value === type) ?? null} options={kTypes}
                          onChange={({ detail }) => setType(detail.selectedOption.value ?? kStandard)} />
                </FormField>
                {standard && <IdentityFields identity={identity} usernameHelp={kUsernameHelp} refusal={refusal} onChange={setIdentity} />}
              </SpaceBetween>
            </Container>
          )}
          {standard && (
            <Container header={<Header variant="h2" description="What the principal may do without a role binding of the cluster's own.">Access policies</Header>}>
              <SpaceBetween size="l">
                <PolicyFields choice={choice} tried={triedPolicy} onChange={setChoice} />
                <SpaceBetween direction="horizontal" size="xs">
                  <Button formAction="none" onClick={addPolicy}>Add policy</Button>
                  {halfChosen && <Button variant="link" formAction="none" onClick={() => setChoice(kNoChoice)}>Clear</Button>}
                </SpaceBetween>
                <PoliciesTable
                  embedded
                  policies={policies}
                  header={<Header variant="h3" counter={`(${policies.length})`}>Added policies</Header>}
                  empty="No policies added"
                  onRemove={(policy) => setPolicies(policies.filter((one) => one !== policy))}
                />
              </SpaceBetween>
            </Container>
          )}
        </SpaceBetween>
      </Form>
    </form>
  )
}
