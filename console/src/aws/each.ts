const kAtOnce = 6 // as many as a browser connects to one HTTP/1.1 server

// The results of `work` for each item, in the items' order, a few at a time. The first failure ends it: nothing is begun
// after that.
export async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next++
      try {
        results[index] = await work(items[index]!)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(kAtOnce, items.length) }, worker))
  return results
}
