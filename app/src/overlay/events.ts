import * as z from 'zod/mini'

// Compiled checks need `eval`, which the content security policy forbids.
z.config({ jitless: true })

const amount = z.pipe(
  z.string().check(z.regex(/^\d{1,30}$/)),
  z.transform((text) => BigInt(text)),
)
const tip = z.object({ key: z.string(), amount, message: z.string().check(z.maxLength(1_000)) })

const board = z.object({
  symbol: z.string(),
  decimals: z.number().check(z.int(), z.nonnegative(), z.maximum(36)),
  recents: z.array(tip),
  goal: z.nullable(z.object({ title: z.string(), target: amount, reached: amount })),
})
const alert = z.extend(tip, { kind: z.enum(['tip', 'replay', 'test']) })
const hide = z.object({ key: z.string() })

/** What stands on the overlay. */
export type Board = z.infer<typeof board>
/** A tip to be shown for a while. */
export type Alert = z.infer<typeof alert>

export type OverlayEvent =
  | { readonly name: 'board'; readonly board: Board }
  | { readonly name: 'alert'; readonly alert: Alert }
  | { readonly name: 'hide'; readonly key: string }

/** An event of the server; undefined when it is none that is known. */
export function readEvent(name: string, data: unknown): OverlayEvent | undefined {
  switch (name) {
    case 'board':
      return { name, board: board.parse(data) }
    case 'alert':
      return { name, alert: alert.parse(data) }
    case 'hide':
      return { name, key: hide.parse(data).key }
    default:
      return undefined
  }
}
