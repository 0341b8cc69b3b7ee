import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Multiselect, { type MultiselectProps } from '@cloudscape-design/components/multiselect'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useState, type FormEvent } from 'react'
import { publicGuard } from '../access'
import { allNetworks, nameOf, type Networks } from '../aws/ec2'
import { AccessFields, accessOfDraft, draftOf, hasWrongSources } from '../manage/AccessFields'
import { useSubmission } from '../manage/use-submission'
import { Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { useLoad } from '../use-load'

const kDefaultAccess = { privateAccess: false, publicAccess: true, cidrs: ['0.0.0.0/0'] }
const kName = /^[0-9A-Za-z][A-Za-z0-9\-_]{0,99}$/

export default function CreateClusterPage() {
  const { access } = useSession()
  const { data, error, refresh } = useLoad((signal) => allNetworks(access, signal), [access])
  if (error) return <Trouble error={error} retry={refresh} />
  if (!data) return <Spinner size="large" />
  return <CreateClusterForm networks={data} />
}

const labelled = (id: string | undefined, name: string | undefined, more?: string): SelectProps.Option => ({
  value: id ?? '', label: id ?? '', ...(name || more ? { description: [name, more].filter(Boolean).join(', ') } : {}),
})

function CreateClusterForm({ networks }: { networks: Networks }) {
  const { eks, caller } = useSession()
  const firstVpc = networks.vpcs.find((vpc) => vpc.IsDefault) ?? networks.vpcs[0]
  const subnetsOf = (vpcId: string | undefined) => networks.subnets
    .filter((subnet) => subnet.VpcId === vpcId)
    .map((subnet) => labelled(subnet.SubnetId, nameOf(subnet.Tags), `${subnet.AvailabilityZone}, ${subnet.CidrBlock}`))
  const [name, setName] = useState('')
  const [version, setVersion] = useState('')
  const [roleArn, setRoleArn] = useState(`arn:aws:iam::${caller.account}:role/eks-cluster`)
  const [pool, setPool] = useState('')
  const [vpcId, setVpcId] = useState(firstVpc?.VpcId)
  const [subnets, setSubnets] = useState<MultiselectProps.Options>(subnetsOf(firstVpc?.VpcId))
  const [groups, setGroups] = useState<MultiselectProps.Options>([])
  const [draft, setDraft] = useState(draftOf(kDefaultAccess))
  const [advanced, setAdvanced] = useState(false)
  const [tried, setTried] = useState(false)
  const { busy, submit, refusal, refusedCidrs } = useSubmission(() => setAdvanced(true))

  const endpoint = accessOfDraft(draft)
  const wrongName = kName.test(name) ? undefined : 'Up to 100 letters, digits, hyphens and underscores; the first is a letter or a digit.'
  const wrongSubnets = subnets.length >= 2 ? undefined : 'Choose two or more, in different Availability Zones.'
  const wrongSources = hasWrongSources(draft)
  const idsOf = (options: MultiselectProps.Options) => options.map((option) => option.value ?? '')

  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (wrongSources) setAdvanced(true)
    if (wrongName || wrongSubnets || wrongSources || publicGuard(endpoint) || roleArn.trim() === '' || busy) return
    const made = await submit(async () => {
      await eks.create({
        name, roleArn: roleArn.trim(),
        ...(version.trim() ? { version: version.trim() } : {}),
        ...(pool.trim() ? { tags: { 'sallyport.dev/pool': pool.trim() } } : {}),
        resourcesVpcConfig: {
          subnetIds: idsOf(subnets), securityGroupIds: idsOf(groups),
          endpointPrivateAccess: endpoint.privateAccess, endpointPublicAccess: endpoint.publicAccess,
          ...(endpoint.publicAccess ? { publicAccessCidrs: endpoint.cidrs } : {}),
        },
      })
    })
    if (made) go(href.cluster(name))
  }

  const vpcOptions = networks.vpcs.map((vpc) => labelled(vpc.VpcId, nameOf(vpc.Tags), vpc.CidrBlock))
  const groupOptions = networks.groups.filter((group) => group.VpcId === vpcId).map((group) => labelled(group.GroupId, group.GroupName))
  return (
    <form onSubmit={(event) => void send(event)}>
      <Form
        header={<Header variant="h1" description="An endpoint in front of API servers that exist, or that the provider makes.">Create cluster</Header>}
        errorText={refusal}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" disabled={busy} onClick={() => go(href.clusters)}>Cancel</Button>
            <Button variant="primary" loading={busy} loadingText="Creating the cluster">Create</Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Cluster configuration</Header>}>
            <SpaceBetween size="l">
              <FormField label="Name" description="It cannot be changed later." errorText={tried ? wrongName : undefined}>
                <Input value={name} onChange={({ detail }) => setName(detail.value)} autoComplete={false} spellcheck={false} ariaRequired />
              </FormField>
              <FormField label="Cluster IAM role" description="Kept with the cluster, as EKS does; API servers of yours use none of its permissions."
                         errorText={tried && roleArn.trim() === '' ? 'Required.' : undefined}>
                <Input value={roleArn} onChange={({ detail }) => setRoleArn(detail.value)} autoComplete={false} spellcheck={false} ariaRequired />
              </FormField>
              <FormField label={<>Kubernetes version - <i>optional</i></>} description="What the API servers are, such as 1.34. Left out, the server's default.">
                <Input value={version} onChange={({ detail }) => setVersion(detail.value)} autoComplete={false} inputMode="decimal" />
              </FormField>
              <FormField label={<>Pool of API servers - <i>optional</i></>}
                         description="The name of a [[pool]] in the configuration. Left out: the pool named as the cluster, else the provider makes API servers.">
                <Input value={pool} onChange={({ detail }) => setPool(detail.value)} autoComplete={false} spellcheck={false} />
              </FormField>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Networking</Header>}>
            <SpaceBetween size="l">
              {networks.vpcs.length === 0 && <Alert type="warning">There is no VPC to choose. Make one with <code>aws ec2 create-vpc</code>.</Alert>}
              <FormField label="VPC">
                <Select selectedOption={vpcOptions.find((option) => option.value === vpcId) ?? null} options={vpcOptions} filteringType="auto"
                        onChange={({ detail }) => {
                          setVpcId(detail.selectedOption.value)
                          setSubnets(subnetsOf(detail.selectedOption.value))
                          setGroups([])
                        }} />
              </FormField>
              <FormField label="Subnets" errorText={tried ? wrongSubnets : undefined}>
                <Multiselect selectedOptions={subnets} options={subnetsOf(vpcId)} filteringType="auto" placeholder="Choose subnets"
                             onChange={({ detail }) => setSubnets(detail.selectedOptions)} />
              </FormField>
              <FormField label={<>Additional security groups - <i>optional</i></>} description="The cluster's own group is made with it.">
                <Multiselect selectedOptions={groups} options={groupOptions} filteringType="auto" placeholder="Choose security groups"
                             onChange={({ detail }) => setGroups(detail.selectedOptions)} />
              </FormField>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Cluster endpoint access</Header>}>
            <AccessFields draft={draft} onChange={setDraft} tried={tried} expanded={advanced} onExpand={setAdvanced}
                          refusal={refusedCidrs} />
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}
