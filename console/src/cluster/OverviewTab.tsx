import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { modeOf } from '../access'
import { accessOf, type Cluster } from '../aws/eks'
import { at, Copied, Enabled, None, Status } from '../parts'
import { useSession } from '../session'
import { ProtectionDialog } from './ProtectionDialog'

export function OverviewTab({ cluster }: { cluster: Cluster }) {
  const { settings } = useSession()
  const kubeconfig = `aws eks update-kubeconfig --region ${settings.region} --name ${cluster.name}`
  const progress = (cluster as { sallyport?: { providerProgress?: string } }).sallyport?.providerProgress
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Cluster info</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Status', value: <><Status of={cluster.status} />{progress && <div>{progress}</div>}</> },
            { label: 'Kubernetes version', value: cluster.version ?? <None /> },
            { label: 'API server endpoint access', value: modeOf(accessOf(cluster)) },
            { label: 'Created', value: at(cluster.createdAt) },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">Details</Header>}>
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'API server endpoint', value: <Copied text={cluster.endpoint} what="the API server endpoint" /> },
            { label: 'OpenID Connect provider URL',
              value: <Copied text={cluster.identity?.oidc?.issuer} what="the OpenID Connect provider URL" /> },
            { label: 'Cluster IAM role ARN', value: <Copied text={cluster.roleArn} what="the role's ARN" /> },
            { label: 'Cluster ARN', value: <Copied text={cluster.arn} what="the cluster's ARN" /> },
            { label: 'Certificate authority',
              value: <div className="clamped"><Copied text={cluster.certificateAuthority?.data} what="the certificate authority" /></div> },
            { label: 'Platform version', value: cluster.platformVersion ?? <None /> },
            { label: 'Deletion protection', value: <Protection name={cluster.name ?? ''} on={cluster.deletionProtection ?? false} /> },
            { label: 'Kubeconfig command', value: <Copied text={kubeconfig} what="the kubeconfig command" /> },
          ]}
        />
      </Container>
    </SpaceBetween>
  )
}

function Protection({ name, on }: { name: string; on: boolean }) {
  const [becomes, setBecomes] = useState<boolean>()
  return (
    <SpaceBetween direction="horizontal" size="s">
      <Enabled on={on} />
      <Button variant="inline-link" ariaLabel={on ? 'Turn off deletion protection' : 'Turn on deletion protection'}
              onClick={() => setBecomes(!on)}>
        {on ? 'Turn off' : 'Turn on'}
      </Button>
      {becomes !== undefined && <ProtectionDialog name={name} on={becomes} onClose={() => setBecomes(undefined)} />}
    </SpaceBetween>
  )
}
