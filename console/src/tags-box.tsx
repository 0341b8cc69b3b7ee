import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import { useRef, useState } from 'react'
import { Empty, None } from './parts'
import { rowsOfTags } from './tags'
import { TagsForm } from './tags-form'

interface Props {
  arn: string // of what bears them
  tags: Record<string, string>
  onChanged: () => void
}

// The tags of a resource, and the form that changes them in their place.
export function TagsBox({ arn, tags, onChanged }: Props) {
  const [editing, setEditing] = useState(false)
  const manage = useRef<ButtonProps.Ref>(null)
  if (editing) {
    return (
      <TagsForm
        arn={arn}
        before={tags}
        onEnd={(changed) => {
          setEditing(false)
          if (changed) onChanged()
          setTimeout(() => manage.current?.focus())
        }}
      />
    )
  }
  const rows = rowsOfTags(tags)
  return (
    <Table
      variant="container"
      header={
        <Header variant="h2" counter={`(${rows.length})`} actions={<Button ref={manage} onClick={() => setEditing(true)}>Manage tags</Button>}>Tags</Header>
      }
      ariaLabels={{ tableLabel: 'Tags' }}
      items={rows}
      trackBy="key"
      wrapLines
      empty={<Empty title="No tags" />}
      columnDefinitions={[
        { id: 'key', header: 'Key', isRowHeader: true, cell: ({ key }) => <span className="breakable">{key}</span> },
        { id: 'value', header: 'Value', cell: ({ value }) => (value ? <span className="breakable">{value}</span> : <None />) },
      ]}
    />
  )
}
