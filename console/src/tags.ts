// Tags as they are edited.

export interface TagRow {
  key: string
  value: string
}

export const kMaxTags = 50

export const rowsOfTags = (tags: Record<string, string>): TagRow[] =>
  Object.entries(tags).sort(([a], [b]) => a.localeCompare(b)).map(([key, value]) => ({ key, value }))

const isBlank = ({ key, value }: TagRow) => key.trim() === '' && value.trim() === ''

// What is wrong with each key, if anything: the rules of EKS, and no key twice. A blank row is left out when it is sent and is
// no fault.
export function faultsOf(rows: readonly TagRow[]): (string | undefined)[] {
  const seen = new Set<string>()
  return rows.map((row) => {
    const { key } = row
    if (isBlank(row)) return undefined
    if (key.trim() === '') return 'A key is needed.'
    if (key.length > 128) return 'A key has 128 characters at most.'
    if (/^aws:/i.test(key)) return 'Keys that begin with aws: are AWS\'s own.'
    if (seen.has(key)) return 'This key is there already.'
    seen.add(key)
    return undefined
  })
}

// The tags to put and the keys to take away, so that `before` becomes `rows`.
export function tagChange(before: Record<string, string>, rows: readonly TagRow[]): { put: Record<string, string>; remove: string[] } {
  const after = new Map(rows.filter((row) => !isBlank(row)).map(({ key, value }) => [key, value]))
  return {
    put: Object.fromEntries([...after].filter(([key, value]) => before[key] !== value)),
    remove: Object.keys(before).filter((key) => !after.has(key)),
  }
}
