// The items of a list that is answered in pages: of all its pages, in their order.
export async function everyPage<P extends { nextToken?: string | undefined }, T>(
  ask: (nextToken: string | undefined) => Promise<P>, itemsOf: (page: P) => readonly T[] | undefined,
): Promise<T[]> {
  const items: T[] = []
  let nextToken: string | undefined
  do {
    const page = await ask(nextToken)
    items.push(...(itemsOf(page) ?? []))
    nextToken = page.nextToken
  } while (nextToken)
  return items
}
