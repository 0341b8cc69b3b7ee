import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState, type ClipboardEvent } from 'react'
import { parseAddress } from '../cidr'
import { plural } from '../parts'
import { useSession } from '../session'
import { elsewhere, kMaxSources, pageOf, pagesOf, pasted, rowsOf, type Remark } from '../sources'

interface Props {
  rows: string[]
  remarks: readonly (Remark | undefined)[]
  error: string | undefined // of the list as a whole
  onChange: (rows: string[]) => void
}

export function SourcesEditor({ rows, remarks, error, onChange }: Props) {
  const { settings } = useSession()
  const [wanted, setPage] = useState(1)
  const page = Math.min(wanted, pagesOf(rows.length))
  const { from, to } = rowsOf(page)
  const put = (at: number, text: string) => onChange(rows.map((row, index) => (index === at ? text : row)))
  const append = (text: string) => {
    const kept = rows.length === 1 && rows[0]?.trim() === '' ? [] : rows
    onChange([...kept, text])
    setPage(pagesOf(kept.length + 1))
  }
  const mine = blockOf(settings.sourceAddress)
  const away = elsewhere(remarks, page)

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
          {pagesOf(rows.length) > 1 && (
            <Pagination currentPageIndex={page} pagesCount={pagesOf(rows.length)}
                        onChange={({ detail }) => setPage(detail.currentPageIndex)} />
          )}
          {away.count > 0 && (
            <StatusIndicator type="error">
              {plural(away.count, 'row')} on other pages to mend.{' '}
              <Button variant="inline-link" formAction="none" onClick={() => setPage(pageOf(away.first))}>Go to row {away.first + 1}</Button>
            </StatusIndicator>
          )}
          <AttributeEditor
            items={rows.slice(from, to)}
            isItemRemovable={() => rows.length > 1}
            disableAddButton={rows.length >= kMaxSources}
            addButtonText="Add source"
            removeButtonText="Remove"
            removeButtonAriaLabel={(row) => `Remove ${row || 'the empty row'}`}
            additionalInfo={`${rows.length} of ${kMaxSources} sources`}
            empty="No sources."
            onAddButtonClick={() => {
              onChange([...rows, ''])
              setPage(pagesOf(rows.length + 1))
            }}
            onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, index) => index !== from + detail.itemIndex))}
            definition={[
              {
                label: 'CIDR block',
                control: (row, index) => (
                  <div onPaste={paste(from + index)}>
                    <Input value={row} onChange={({ detail }) => put(from + index, detail.value)} placeholder="203.0.113.5/32"
                           ariaLabel={`CIDR block ${from + index + 1}`} autoComplete={false} spellcheck={false} />
                  </div>
                ),
                errorText: (_, index) => said(from + index, 'error'),
                warningText: (_, index) => said(from + index, 'warning'),
              },
            ]}
          />
          {mine && (
            <Button formAction="none" iconName="add-plus" disabled={rows.includes(mine) || rows.length >= kMaxSources}
                    onClick={() => append(mine)}>
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
