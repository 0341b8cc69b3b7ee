// The rows of the allowlist's editor, and what is to be said of each while it is typed.

import { contains, formatCidr, parseCidr, splitList, type Cidr } from './cidr'

export const kMaxSources = 2048

// Rows in view at once: a keystroke renders all of these anew.
export const kRowsOnPage = 50
export const pagesOf = (count: number) => Math.max(1, Math.ceil(count / kRowsOnPage))
export const pageOf = (row: number) => Math.floor(row / kRowsOnPage) + 1
export const rowsOf = (page: number) => ({ from: (page - 1) * kRowsOnPage, to: page * kRowsOnPage })

// The errors that are out of view, and the row of the first.
export function elsewhere(remarks: readonly (Remark | undefined)[], page: number): { count: number; first: number } {
  const rows = remarks.flatMap((remark, row) => (remark?.kind === 'error' && pageOf(row) !== page ? [row] : []))
  return { count: rows.length, first: rows[0] ?? 0 }
}

export interface Remark {
  kind: 'error' | 'warning'
  message: string
  suggestion?: string
}

// One remark or none for each row. Empty rows are passed over: they are not sent.
export function remarksOn(rows: readonly string[]): (Remark | undefined)[] {
  const firstAt = new Map<string, number>()
  const blocks: { cidr: Cidr; text: string; row: number }[] = []
  const remarks = rows.map((row, index): Remark | undefined => {
    const text = row.trim()
    if (text === '') return undefined
    const parsed = parseCidr(text)
    if (!parsed.ok) return { kind: 'error', ...parsed }
    const canonical = formatCidr(parsed.cidr)
    const earlier = firstAt.get(canonical)
    if (earlier !== undefined) return { kind: 'error', message: `The same block as in row ${earlier + 1}.` }
    firstAt.set(canonical, index)
    blocks.push({ cidr: parsed.cidr, text: canonical, row: index })
    return undefined
  })
  for (const { outer, inner } of nested(blocks)) {
    remarks[inner.row] = { kind: 'warning', message: `Within ${outer.text} already: removing this row alone changes nothing.` }
  }
  return remarks
}

interface Placed {
  cidr: Cidr
  text: string
  row: number
}

// Each block that lies in another, with the innermost of those around it.
function nested(blocks: readonly Placed[]): { outer: Placed; inner: Placed }[] {
  const sorted = [...blocks].sort((a, b) =>
    a.cidr.family !== b.cidr.family ? a.cidr.family - b.cidr.family
    : a.cidr.network !== b.cidr.network ? (a.cidr.network < b.cidr.network ? -1 : 1)
    : a.cidr.prefix - b.cidr.prefix)
  const found: { outer: Placed; inner: Placed }[] = []
  const around: Placed[] = []
  for (const block of sorted) {
    while (around.length > 0 && !contains(around[around.length - 1]!.cidr, block.cidr)) around.pop()
    const outer = around[around.length - 1]
    if (outer) found.push({ outer, inner: block })
    around.push(block)
  }
  return found
}

// The blocks to send, in the order of the rows.
export const blocksOf = (rows: readonly string[]) => rows.map((row) => row.trim()).filter((row) => row !== '')

// The rows after `text` was pasted into row `at`; nothing where `text` is no list, so that the browser's own way of
// pasting goes on.
export function pasted(rows: readonly string[], at: number, text: string): string[] | undefined {
  const blocks = splitList(text)
  if (blocks.length < 2) return undefined
  const present = rows[at]?.trim() ? [rows[at]] : []
  return [...rows.slice(0, at), ...present, ...blocks, ...rows.slice(at + 1)].slice(0, kMaxSources)
}
