import type { Hex } from '@sluice/sdk'

/** Metered answers that are under way. */
export type OpenStreams = {
  readonly count: () => number
  /** Starts one; the signal ends it. A newer one by the second ends an older one of the same channel. */
  readonly open: (
    channelId: Hex,
    timed: boolean,
  ) => { readonly signal: AbortSignal; readonly done: () => void }
  /** Ends all of them. Resolves when they are gone. */
  readonly end: () => Promise<void>
}

/** Keeps track of metered answers. */
export function createOpenStreams(): OpenStreams {
  const running = new Set<AbortController>()
  const timedOf = new Map<Hex, AbortController>()
  let emptied: (() => void) | undefined
  return {
    count: () => running.size,
    open: (channelId, timed) => {
      const controller = new AbortController()
      running.add(controller)
      if (timed) {
        timedOf.get(channelId)?.abort()
        timedOf.set(channelId, controller)
      }
      return {
        signal: controller.signal,
        done: () => {
          running.delete(controller)
          if (timedOf.get(channelId) === controller) timedOf.delete(channelId)
          if (running.size === 0) emptied?.()
        },
      }
    },
    end: () => {
      for (const controller of running) controller.abort()
      if (running.size === 0) return Promise.resolve()
      return new Promise((resolve) => (emptied = resolve))
    },
  }
}
