import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import LiveRegion from '@cloudscape-design/components/live-region'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Toggle from '@cloudscape-design/components/toggle'
import { useEffect, useRef, useState } from 'react'
import { Trouble } from '../parts'
import { isDark, useDark } from '../theme'
import { openScreen, type Screen } from './screen'
import type { State } from './state'
import { useWorkplace } from './use-workplace'

export default function WorkplacePage({ name }: { name: string }) {
  const [screen, setScreen] = useState<Screen>()
  const [readAloud, setReadAloud] = useState(false)
  const workplace = useWorkplace(name, screen)
  const { state, type, resize, again } = workplace
  const box = useRef<HTMLDivElement>(null)
  const aside = useRef<HTMLDivElement>(null)
  const dark = useDark()

  useEffect(() => {
    if (!box.current) return
    const made = openScreen(box.current, {
      typed: type, resized: resize, leave: () => aside.current?.querySelector('input')?.focus(),
    })
    made.look(isDark())
    made.fit()
    const observed = new ResizeObserver(() => made.fit())
    observed.observe(box.current)
    setScreen(made)
    return () => {
      observed.disconnect()
      made.dispose()
      setScreen(undefined)
    }
  }, [type, resize])
  useEffect(() => screen?.look(dark), [screen, dark])
  useEffect(() => screen?.readAloud(readAloud), [screen, readAloud])
  useEffect(() => {
    if (state.at === 'opening') screen?.clear()
    if (state.at === 'open') screen?.focus()
  }, [screen, state.at])

  return (
    <SpaceBetween size="m">
      <Header variant="h1" description="A shell inside the VPC, with kubectl and your credentials. It ends when this page is left."
              actions={<Where state={state} />}>
        Workplace of {name}
      </Header>
      <LiveRegion tagName="div"><Notice state={state} again={again} /></LiveRegion>
      <div className={state.at === 'refused' ? 'workplace-terminal unused' : 'workplace-terminal'} ref={box} role="group" aria-label="Terminal" />
      <div ref={aside} className={state.at === 'refused' ? 'unused' : 'workplace-aside'}>
        <Toggle checked={readAloud} onChange={({ detail }) => setReadAloud(detail.checked)}>Screen reader mode</Toggle>
        <Box color="text-body-secondary" fontSize="body-s">
          Tab goes to the shell. <kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>Enter</kbd> leads out of the terminal.
        </Box>
      </div>
    </SpaceBetween>
  )
}

function Where({ state }: { state: State }) {
  switch (state.at) {
    case 'opening': return <StatusIndicator type="loading">Opening</StatusIndicator>
    case 'open': return <StatusIndicator type="success">Open until {state.endsAt.toLocaleTimeString()}</StatusIndicator>
    case 'refused': return <StatusIndicator type="error">{state.why.name === 'AccessDeniedException' ? 'Refused' : 'Not available'}</StatusIndicator>
    case 'ended': return <StatusIndicator type="stopped">Ended</StatusIndicator>
  }
}

function Notice({ state, again }: { state: State; again: () => void }) {
  if (state.at === 'refused') return <Trouble error={state.why} retry={again} />
  if (state.at === 'ended') {
    return (
      <Alert type={state.ok ? 'info' : 'warning'} action={<Button onClick={again}>Start again</Button>}>
        <span className="breakable">{state.words}</span>
      </Alert>
    )
  }
  if (state.at !== 'open' || !state.ending) return null
  const { reason, seconds } = state.ending
  return reason === 'idle'
    ? <Alert type="warning">Nothing was typed for a while: the workplace ends in {seconds} s. Any key keeps it.</Alert>
    : <Alert type="warning">The workplace ends in {seconds} s{reason === 'expired' ? ', with its credentials' : ''}.</Alert>
}
