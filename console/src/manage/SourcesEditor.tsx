import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ClipboardEvent } from 'react'
import { parseAddress } from '../cidr'
import { useSession } from '../session'
import { kMaxSources, pasted, type Remark } from '../sources'

interface Props {
  rows: string[]
  remarks: readonly (Remark | undefined)[]
  error: string | undefined // of the list as a whole
  onChange: (rows: string[]) => void
}

export function SourcesEditor({ rows, remarks, error, onChange }: Props) {
  const { settings } = useSession()
  const put = (at: number, text: string) => onChange(rows.map((row, index) => (index === at ? text : row)))
  const mine = blockOf(settings.sourceAddress)

  const paste = (at: number) => (event: ClipboardEvent) => {
    const filled = pasted(rows, at, event.clipboardData.getData('text'))
    if (!filled) return
    event.preventDefault()
    onChange(filled)
  }
  const said = (at: number, kind: Remark['kind']) => {
    const remark = remarks[at]
    if (remark?.kind !== kind) return undefined
    const { message, suggestion } = remark
    return (
      <>
        {message}
        {suggestion && <> <Button variant="inline-link" formAction="none" onClick={() => put(at, suggestion)}>Use {suggestion}</Button></>}
      </>
    )
  }

  return (
    <div role="group" aria-label="Public access source allowlist">
      <FormField label="Public access source allowlist" stretch errorText={error}
                 description="CIDR blocks that may reach the public endpoint, one a row. Paste a list to fill several rows.">
        <SpaceBetween size="s">
          <AttributeEditor
            items={rows}
            isItemRemovable={() => rows.length > 1}
            disableAddButton={rows.length >= kMaxSources}
            addButtonText="Add source"
            removeButtonText="Remove"
            removeButtonAriaLabel={(row) => `Remove ${row || 'the empty row'}`}
            additionalInfo={`${rows.length} of ${kMaxSources} sources`}
            empty="No sources."
            onAddButtonClick={() => onChange([...rows, ''])}
            onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, index) => index !== detail.itemIndex))}
            definition={[
              {
                label: 'CIDR block',
                control: (row, index) => (
                  <div onPaste={paste(index)}>
                    <Input value={row} onChange={({ detail }) => put(index, detail.value)} placeholder="203.0.113.5/32"
                           ariaLabel={`CIDR block ${index + 1}`} inputMode="text" autoComplete={false} spellcheck={false} />
                  </div>
                ),
                errorText: (_, index) => said(index, 'error'),
                warningText: (_, index) => said(index, 'warning'),
              },
            ]}
          />
          {mine && (
            <Button formAction="none" iconName="add-plus" disabled={rows.includes(mine)}
                    onClick={() => onChange(rows.length === 1 && rows[0]?.trim() === '' ? [mine] : [...rows, mine])}>
              Add my address ({mine})
            </Button>
          )}
        </SpaceBetween>
      </FormField>
    </div>
  )
}

// The API sees this browser at that address; an endpoint behind another path may see another.
function blockOf(address: string): string | undefined {
  const family = parseAddress(address)?.family
  return family && `${address}/${family === 4 ? 32 : 128}`
}
