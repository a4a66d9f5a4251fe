import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock, Random } from '@sluice/sdk/session'

/** The machine's clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (afterMs, action) => {
    const timer = setTimeout(action, afterMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** The machine's cryptographic randomness. */
export const systemRandom: Random = (length) => new Uint8Array(randomBytes(length))

/** Calls back when what has come in by now, on all connections, was read. */
export function onceRead(run: () => void): void {
  setImmediate(run)
}

/** How late the event loop runs. */
export type LoopDelay = {
  /** The 99th percentile since the last call, seconds. */
  readonly read: () => number
  readonly stop: () => void
}

/** Watches how late the event loop of this process runs. */
export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: 20 })
  histogram.enable()
  return {
    read: () => {
      const seconds = histogram.count === 0 ? 0 : histogram.percentile(99) / 1e9
      histogram.reset()
      return seconds
    },
    stop: () => histogram.disable(),
  }
}
