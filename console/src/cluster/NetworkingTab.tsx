import Box from '@cloudscape-design/components/box'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { modeOf, openTo } from '../access'
import { accessOf, type Cluster } from '../aws/eks'
import { nameOf, networkOf, vpcsOf } from '../aws/ec2'
import { Blocks, Empty, Enabled, None, Trouble } from '../parts'
import { go, href } from '../route'
import { useSession } from '../session'
import { useLoad } from '../use-load'
import { ReachBox } from './ReachBox'
import { TrafficBox } from './TrafficBox'

export default function NetworkingTab({ cluster }: { cluster: Cluster }) {
  return (
    <SpaceBetween size="l">
      <EndpointAccessBox cluster={cluster} />
      <Reach cluster={cluster} />
      <NetworkBox cluster={cluster} />
      <TrafficBox cluster={cluster.name ?? ''} publicAccess={accessOf(cluster).publicAccess} />
    </SpaceBetween>
  )
}

function Reach({ cluster }: { cluster: Cluster }) {
  const { access } = useSession()
  const { data } = useLoad((signal) => vpcsOf(access, signal), [access])
  const vpcs = (data ?? []).flatMap(({ VpcId, Tags }) => (VpcId ? [{ id: VpcId, name: nameOf(Tags) }] : []))
  return <ReachBox cluster={cluster.name ?? ''} vpcs={vpcs} />
}

function EndpointAccessBox({ cluster }: { cluster: Cluster }) {
  const access = accessOf(cluster)
  const manage = () => go(href.manageAccess(cluster.name ?? ''))
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <ButtonDropdown
              mainAction={{ text: 'Update', onClick: manage }}
              items={[{ id: 'manage', text: 'Manage endpoint access' }]}
              onItemClick={manage}
              ariaLabel="More ways to update"
            />
          }
        >
          API server endpoint access
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'API server endpoint access', value: modeOf(access) },
          { label: 'Private access', value: <Enabled on={access.privateAccess} /> },
          { label: 'Public access', value: <Enabled on={access.publicAccess} /> },
          { label: 'Public access source allowlist', value: <Allowlist {...access} /> },
        ]}
      />
    </Container>
  )
}

function Allowlist({ publicAccess, cidrs }: { publicAccess: boolean; cidrs: string[] }) {
  if (!publicAccess) return <>Not in force: public access is disabled</>
  return (
    <>
      <Blocks blocks={cidrs} most={10} label="Public access source allowlist">
        {(block) => <li key={block} className="breakable">{block}</li>}
      </Blocks>
      {openTo(cidrs) && <Box color="text-body-secondary" fontSize="body-s">Open to {openTo(cidrs)}</Box>}
    </>
  )
}

function NetworkBox({ cluster }: { cluster: Cluster }) {
  const { access } = useSession()
  const config = cluster.resourcesVpcConfig
  const own = config?.clusterSecurityGroupId
  const subnetIds = config?.subnetIds ?? []
  const groupIds = [...(own ? [own] : []), ...(config?.securityGroupIds ?? [])]
  const { data, error, loading, refresh } = useLoad(
    (signal) => networkOf(access, config?.vpcId ?? '', subnetIds, groupIds, signal),
    [access, config?.vpcId, subnetIds.join(), groupIds.join()],
  )
  const vpcName = nameOf(data?.vpc?.Tags)
  return (
    <SpaceBetween size="l">
      {error && <Trouble error={error} retry={refresh} />}
      <Container header={<Header variant="h2">Networking</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'VPC', value: <>{config?.vpcId ?? <None />}{vpcName && ` (${vpcName})`}</> },
            { label: 'VPC CIDR blocks',
              value: data?.vpc?.CidrBlockAssociationSet?.map((block) => block.CidrBlock).join(', ') ?? data?.vpc?.CidrBlock ?? <None /> },
            { label: 'Cluster IP address family', value: cluster.kubernetesNetworkConfig?.ipFamily === 'ipv6' ? 'IPv6' : 'IPv4' },
            { label: 'Service IPv4 range', value: cluster.kubernetesNetworkConfig?.serviceIpv4Cidr ?? <None /> },
          ]}
        />
      </Container>
      <Table
        variant="container"
        header={<Header variant="h2" counter={`(${subnetIds.length})`}>Subnets</Header>}
        ariaLabels={{ tableLabel: 'Subnets' }}
        loading={loading && !data}
        loadingText="Loading subnets"
        items={subnetIds.map((id) => ({ id, subnet: data?.subnets.find((subnet) => subnet.SubnetId === id) }))}
        trackBy="id"
        empty={<Empty title="No subnets" />}
        columnDefinitions={[
          { id: 'id', header: 'Subnet ID', isRowHeader: true, cell: ({ id }) => id },
          { id: 'name', header: 'Name', cell: ({ subnet }) => nameOf(subnet?.Tags) ?? <None /> },
          { id: 'zone', header: 'Availability Zone', cell: ({ subnet }) => subnet?.AvailabilityZone ?? <None /> },
          { id: 'block', header: 'IPv4 CIDR', cell: ({ subnet }) => subnet?.CidrBlock ?? <None /> },
        ]}
      />
      <Table
        variant="container"
        header={<Header variant="h2" counter={`(${groupIds.length})`}>Security groups</Header>}
        ariaLabels={{ tableLabel: 'Security groups' }}
        loading={loading && !data}
        loadingText="Loading security groups"
        items={groupIds.map((id) => ({ id, group: data?.groups.find((group) => group.GroupId === id) }))}
        trackBy="id"
        empty={<Empty title="No security groups" />}
        columnDefinitions={[
          { id: 'id', header: 'Security group ID', isRowHeader: true, cell: ({ id }) => id },
          { id: 'name', header: 'Name', cell: ({ group }) => group?.GroupName ?? <None /> },
          { id: 'role', header: 'Role', cell: ({ id }) => (id === own ? 'Cluster security group' : 'Additional security group') },
          { id: 'rules', header: 'Inbound rules', cell: ({ group }) => group?.IpPermissions?.length ?? <None /> },
        ]}
      />
    </SpaceBetween>
  )
}
