import AppLayout from '@cloudscape-design/components/app-layout'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type FormEvent } from 'react'
import type { SignedIn } from './App'
import { told, type Told } from './aws/errors'
import { assume, callerOf } from './aws/sign-in'
import { Trouble } from './parts'
import type { Settings } from './settings'

interface Props {
  settings: Settings | undefined
  trouble: Told | undefined
  retry: () => void // loads the settings again
  why: string | undefined
  onSignedIn: (who: SignedIn) => void
}

export function SignIn({ settings, trouble, retry, why, onSignedIn }: Props) {
  const [accessKeyId, setAccessKeyId] = useState('')
  const [secretAccessKey, setSecretAccessKey] = useState('')
  const [sessionToken, setSessionToken] = useState('')
  const [roleArn, setRoleArn] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Told>()

  const missing = (value: string) => (tried && value.trim() === '' ? 'Required.' : undefined)

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!settings || accessKeyId.trim() === '' || secretAccessKey.trim() === '') return
    setBusy(true)
    setRefused(undefined)
    try {
      const token = sessionToken.trim()
      const keys = {
        accessKeyId: accessKeyId.trim(),
        secretAccessKey: secretAccessKey.trim(),
        ...(token ? { sessionToken: token } : {}),
      }
      const own = { access: { keys, region: settings.region } }
      const used = roleArn.trim() ? await assume(own.access, roleArn.trim()) : own
      onSignedIn({ ...used, caller: await callerOf(used.access) })
    } catch (error) {
      setRefused(told(error))
      setBusy(false)
    }
  }

  return (
    <AppLayout navigationHide toolsHide disableContentPaddings content={
    <div className="sign-in">
      <form onSubmit={(event) => void signIn(event)}>
        <Form
          header={<Header variant="h1" description="The console of Kubernetes API endpoints">Sallyport</Header>}
          actions={<Button variant="primary" loading={busy} disabled={!settings}>Sign in</Button>}
          errorText={refused && `${refused.name}: ${refused.message}`}
        >
          <SpaceBetween size="l">
            {why && <Alert type="warning">{why}</Alert>}
            {trouble && <Trouble error={trouble} retry={retry} />}
            <Container
              footer={
                <Box color="text-body-secondary" fontSize="body-s">
                  Keys stay in the memory of this tab: a reload forgets them. Requests are signed here; the secret is never
                  sent. <Link href="/console/licenses.txt" fontSize="body-s">Licenses</Link> of what this page is made of.
                </Box>
              }
            >
              <SpaceBetween size="m">
                <FormField label="Access key ID" errorText={missing(accessKeyId)}
                           description={<>Root's keys are in <code>DATA_DIR/credentials</code>; <code>sallyport env</code> prints them.</>}>
                  <Input value={accessKeyId} onChange={({ detail }) => setAccessKeyId(detail.value)}
                         autoFocus autoComplete={false} spellcheck={false} ariaRequired />
                </FormField>
                <FormField label="Secret access key" errorText={missing(secretAccessKey)}>
                  <Input type="password" value={secretAccessKey} onChange={({ detail }) => setSecretAccessKey(detail.value)}
                         autoComplete={false} ariaRequired />
                </FormField>
                <ExpandableSection headerText="Session token, role">
                  <SpaceBetween size="m">
                    <FormField label={<>Session token - <i>optional</i></>} description="Of temporary credentials.">
                      <Input type="password" value={sessionToken} onChange={({ detail }) => setSessionToken(detail.value)}
                             autoComplete={false} />
                    </FormField>
                    <FormField label={<>Role to assume - <i>optional</i></>}
                               description="The console then works with the role's temporary credentials.">
                      <Input value={roleArn} onChange={({ detail }) => setRoleArn(detail.value)}
                             placeholder="arn:aws:iam::000000000000:role/operator" autoComplete={false} spellcheck={false} />
                    </FormField>
                  </SpaceBetween>
                </ExpandableSection>
              </SpaceBetween>
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </div>
    } />
  )
}
