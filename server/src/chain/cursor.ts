import type { Hex } from '@sluice/sdk'
import { z } from 'zod'

/** How far the watcher has read, and by which branch of the chain. */
export type Cursor = {
  /** Blocks it has seen as the newest, oldest first; never empty. */
  readonly blocks: readonly { readonly number: bigint; readonly hash: Hex }[]
}

/** Blocks kept to find where two branches part. */
const kept = 128

const cursorSchema = z.object({
  blocks: z
    .array(
      z.object({
        number: z.string().transform((text) => BigInt(text)),
        hash: z.templateLiteral(['0x', z.string()]),
      }),
    )
    .min(1),
})

/** The newest block that was read. */
export function tip(cursor: Cursor): Cursor['blocks'][number] {
  const newest = cursor.blocks.at(-1)
  if (newest === undefined) throw new Error('a cursor is never empty')
  return newest
}

/** The cursor after a block was read up to. */
export function advance(cursor: Cursor | undefined, block: Cursor['blocks'][number]): Cursor {
  const before = (cursor?.blocks ?? []).filter(({ number }) => number < block.number)
  return { blocks: [...before, block].slice(-kept) }
}

/**
 * The cursor moved back to the newest block that is still on the chain; undefined when none is.
 *
 * @param hashOf the chain's hash of a block, undefined when the chain is shorter
 */
export async function rewind(
  cursor: Cursor,
  hashOf: (number: bigint) => Promise<Hex | undefined>,
): Promise<Cursor | undefined> {
  for (let length = cursor.blocks.length; length > 0; length -= 1) {
    const blocks = cursor.blocks.slice(0, length)
    const newest = tip({ blocks })
    if ((await hashOf(newest.number)) === newest.hash) return { blocks }
  }
  return undefined
}

export function encodeCursor(cursor: Cursor): string {
  return JSON.stringify({
    blocks: cursor.blocks.map(({ number, hash }) => ({ number: number.toString(), hash })),
  })
}

/** @returns undefined when nothing, or nothing usable, was stored: the watcher then reads from the beginning */
export function decodeCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined
  const parsed = cursorSchema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : undefined
}
