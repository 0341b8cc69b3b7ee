import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import { Component, type ReactNode } from 'react'

interface Props {
  place: string // another place, another try
  children: ReactNode
}

// What is shown where a page could not be: a part of the console that the server no longer has, after an upgrade, or a
// defect of ours.
export class Mishap extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override componentDidUpdate(before: Props) {
    if (before.place !== this.props.place && this.state.error) this.setState({ error: undefined })
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <Alert type="error" header="This page could not be shown"
             action={<Button onClick={() => window.location.reload()}>Reload and sign in again</Button>}>
        {error.message}. If Sallyport was upgraded, a reload brings the new console.
      </Alert>
    )
  }
}
