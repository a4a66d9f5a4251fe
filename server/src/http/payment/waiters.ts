import type { Hex } from '@sluice/sdk'
import type { Clock } from '@sluice/sdk/session'

/** Who waits for a channel to be paid. */
export type Waiters = {
  /** Something about a channel changed for the better: a voucher, a deposit, an end. */
  readonly wake: (channelId: Hex) => void
  /** Resolves at the next change of a channel, after `ms`, or when `signal` is aborted. */
  readonly wait: (channelId: Hex, ms: number, signal: AbortSignal) => Promise<void>
}

/** Lets answers that ran out wait for a voucher that comes with another request. */
export function createWaiters(clock: Clock): Waiters {
  const waiting = new Map<Hex, Set<() => void>>()
  return {
    wake: (channelId) => {
      for (const resume of [...(waiting.get(channelId) ?? [])]) resume()
    },
    wait: (channelId, ms, signal) =>
      new Promise((resolve) => {
        const set = waiting.get(channelId) ?? new Set()
        waiting.set(channelId, set)
        const resume = (): void => {
          cancel()
          signal.removeEventListener('abort', resume)
          set.delete(resume)
          if (set.size === 0 && waiting.get(channelId) === set) waiting.delete(channelId)
          resolve()
        }
        const cancel = clock.schedule(ms, resume)
        set.add(resume)
        if (signal.aborted) resume()
        else signal.addEventListener('abort', resume)
      }),
  }
}
