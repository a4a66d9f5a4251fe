/** Accounts that one transaction pays when nobody says: well below what a block holds. */
export const defaultBatch = 50

/**
 * Cuts a list into pieces.
 *
 * @param items what to cut
 * @param size of each piece but the last
 */
export function inBatches<item>(items: readonly item[], size: number): readonly (readonly item[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}
