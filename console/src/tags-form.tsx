import AttributeEditor, { type AttributeEditorProps } from '@cloudscape-design/components/attribute-editor'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useRef, useState, type FormEvent } from 'react'
import { useSession } from './session'
import { faultsOf, kMaxTags, rowsOfTags, tagChange, type TagRow } from './tags'
import { useAct } from './use-act'

interface Props {
  arn: string
  before: Record<string, string>
  onEnd: (changed: boolean) => void
}

const kBlank: TagRow = { key: '', value: '' }

export function TagsForm({ arn, before, onEnd }: Props) {
  const { eks } = useSession()
  const [rows, setRows] = useState<TagRow[]>(() => (Object.keys(before).length > 0 ? rowsOfTags(before) : [kBlank]))
  const [latest, setLatest] = useState(0) // the row that gets the focus when it appears
  const editor = useRef<AttributeEditorProps.Ref>(null)
  const [tried, setTried] = useState(false)
  const { busy, refused, act } = useAct()
  const faults = faultsOf(rows)
  const put = (at: number, change: Partial<TagRow>) => setRows(rows.map((row, index) => (index === at ? { ...row, ...change } : row)))

  const add = () => {
    setLatest(rows.length)
    setRows([...rows, kBlank])
  }
  const remove = (at: number) => {
    const rest = rows.filter((_, index) => index !== at)
    setRows(rest)
    // Its button had the focus, which goes to that of the row in its place.
    setTimeout(() => {
      if (rest.length > 0) editor.current?.focusRemoveButton(Math.min(at, rest.length - 1))
      else editor.current?.focusAddButton()
    })
  }

  const save = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (busy || faults.some((fault) => fault !== undefined)) return
    if (await act(() => eks.changeTags(arn, tagChange(before, rows)))) onEnd(true)
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <Form
        errorText={refused && `${refused.name}: ${refused.message}`}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" disabled={busy} onClick={() => onEnd(false)}>Cancel</Button>
            <Button variant="primary" loading={busy} loadingText="Saving">Save changes</Button>
          </SpaceBetween>
        }
      >
        <Container header={<Header variant="h2">Manage tags</Header>}>
          <AttributeEditor
            ref={editor}
            items={rows}
            disableAddButton={rows.length >= kMaxTags}
            addButtonText="Add tag"
            removeButtonText="Remove"
            removeButtonAriaLabel={({ key }) => `Remove ${key || 'the empty row'}`}
            additionalInfo={`${rows.length} of ${kMaxTags} tags`}
            empty="No tags."
            onAddButtonClick={add}
            onRemoveButtonClick={({ detail }) => remove(detail.itemIndex)}
            definition={[
              { label: 'Key', errorText: (_, index) => (tried ? faults[index] : undefined),
                control: ({ key }, index) => (
                  <Input value={key} onChange={({ detail }) => put(index, { key: detail.value })} ariaLabel={`Key ${index + 1}`}
                         autoFocus={index === latest} autoComplete={false} spellcheck={false} />
                ) },
              { label: 'Value',
                control: ({ value }, index) => (
                  <Input value={value} onChange={({ detail }) => put(index, { value: detail.value })} ariaLabel={`Value ${index + 1}`}
                         autoComplete={false} spellcheck={false} />
                ) },
            ]}
          />
        </Container>
      </Form>
    </form>
  )
}
