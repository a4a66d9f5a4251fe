/** Batches the chain takes, and items it refuses even alone, with its reason. */
export type Isolated<Item> = {
  readonly batches: readonly (readonly Item[])[]
  readonly refused: readonly { readonly item: Item; readonly reason: string }[]
}

/**
 * Finds the items that keep a batch from going through by trying halves, so that one bad item does not hold up the
 * rest. Costs one try for a good batch and about two a bad item for each halving.
 *
 * @param attempt tells why a batch would be refused; undefined: it would not. What it throws is thrown on
 */
export async function isolate<Item>(
  items: readonly Item[],
  attempt: (items: readonly Item[]) => Promise<string | undefined>,
): Promise<Isolated<Item>> {
  const [first] = items
  if (first === undefined) return { batches: [], refused: [] }
  const reason = await attempt(items)
  if (reason === undefined) return { batches: [items], refused: [] }
  if (items.length === 1) return { batches: [], refused: [{ item: first, reason }] }

  const middle = Math.ceil(items.length / 2)
  const left = await isolate(items.slice(0, middle), attempt)
  const right = await isolate(items.slice(middle), attempt)
  const refused = [...left.refused, ...right.refused]
  const batches = [...left.batches, ...right.batches]
  // Nothing was taken out: the halves go through alone and not together, as when a batch is too large for a block.
  if (refused.length === 0 || batches.length < 2) return { batches, refused }
  const together = batches.flat()
  return (await attempt(together)) === undefined ? { batches: [together], refused } : { batches, refused }
}
