import Box from '@cloudscape-design/components/box'
import { Confirm } from '../confirm'
import { useSession } from '../session'

interface Props {
  name: string
  on: boolean // what it becomes
  onClose: () => void
}

export function ProtectionDialog({ name, on, onClose }: Props) {
  const { eks, notices } = useSession()
  return (
    <Confirm
      title={on ? 'Turn on deletion protection' : 'Turn off deletion protection'}
      action={on ? 'Turn on' : 'Turn off'}
      work={async () => notices.follow(eks, name, await eks.changeProtection(name, on))}
      onDone={onClose}
      onClose={onClose}
    >
      <Box>
        {on ? 'Nobody can delete' : 'Whoever may delete clusters can delete'} <strong className="breakable">{name}</strong>
        {on ? ' until it is turned off again.' : ' from then on.'}
      </Box>
    </Confirm>
  )
}
