import type { Hex } from '@sluice/sdk'

/** What the chain refused a short while ago. */
export type Refusals = {
  /** Leaves a channel alone until a time, milliseconds. */
  readonly add: (channelId: Hex, refusal: { readonly untilMs: number; readonly reason: string }) => void
  readonly has: (channelId: Hex) => boolean
  readonly delete: (channelId: Hex) => void
  readonly list: () => readonly { readonly channelId: Hex; readonly reason: string }[]
}

/**
 * Remembers refusals for as long as they count.
 *
 * @param now milliseconds
 */
export function createRefusals(now: () => number): Refusals {
  const refusals = new Map<Hex, { readonly untilMs: number; readonly reason: string }>()
  return {
    add: (channelId, refusal) => void refusals.set(channelId, refusal),
    has: (channelId) => (refusals.get(channelId)?.untilMs ?? 0) > now(),
    delete: (channelId) => void refusals.delete(channelId),
    list: () =>
      [...refusals]
        .filter(([, { untilMs }]) => untilMs > now())
        .map(([channelId, { reason }]) => ({ channelId, reason })),
  }
}
