import type { Hex } from '@sluice/sdk'

/** Channels whose settlement was interrupted, and until when they are left alone. */
export type Delays = {
  /** Counts one more failure in a row of each channel. */
  readonly add: (channelIds: readonly Hex[]) => {
    /** The most in a row of any of them. */
    readonly failures: number
    /** Milliseconds until the one that waits longest is tried again; 0: at the next look. */
    readonly pauseMs: number
  }
  readonly has: (channelId: Hex) => boolean
  /** It went through, or shall be tried at once. */
  readonly delete: (channelId: Hex) => void
}

/**
 * Remembers failures for as long as they last. After one the next look tries again: most pass by themselves. After more
 * the pause doubles from `firstMs` on, so that work the node cannot do does not cost a time-out at every look.
 *
 * @param parameters
 * - `now`: milliseconds
 * - `firstMs`, `longestMs`: pause after two failures in a row, and after many
 */
export function createDelays(parameters: {
  readonly now: () => number
  readonly firstMs: number
  readonly longestMs: number
}): Delays {
  const { now, firstMs, longestMs } = parameters
  const delays = new Map<Hex, { readonly failures: number; readonly untilMs: number }>()

  function pauseAfter(failures: number): number {
    return failures < 2 ? 0 : Math.min(longestMs, firstMs * 2 ** (failures - 2))
  }

  return {
    add(channelIds) {
      const counts = channelIds.map((channelId) => {
        const failures = (delays.get(channelId)?.failures ?? 0) + 1
        delays.set(channelId, { failures, untilMs: now() + pauseAfter(failures) })
        return failures
      })
      const failures = Math.max(0, ...counts)
      return { failures, pauseMs: pauseAfter(failures) }
    },
    has: (channelId) => (delays.get(channelId)?.untilMs ?? 0) > now(),
    delete: (channelId) => void delays.delete(channelId),
  }
}
