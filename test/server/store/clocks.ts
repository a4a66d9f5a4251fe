import type { Clock } from '@sluice/sdk/session'

/** The real clock, for tests whose subject is real input and output. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(afterMs, action) {
    const timer = setTimeout(action, afterMs)
    return () => clearTimeout(timer)
  },
}

/** A clock that stands until it is moved. */
export type ManualClock = Clock & {
  /** Moves on by so many milliseconds and runs what falls due on the way, in order. */
  readonly advance: (byMs: number) => void
  /** Milliseconds until each scheduled action, soonest first. */
  readonly waiting: () => readonly number[]
}

/** A clock under the test's control. */
export function createManualClock(startMs = 1_800_000_000_000): ManualClock {
  let nowMs = startMs
  let scheduled: { readonly atMs: number; readonly action: () => void }[] = []
  return {
    now: () => nowMs,
    schedule(afterMs, action) {
      const entry = { atMs: nowMs + afterMs, action }
      scheduled = [...scheduled, entry].sort((a, b) => a.atMs - b.atMs)
      return () => {
        scheduled = scheduled.filter((other) => other !== entry)
      }
    },
    advance(byMs) {
      const endMs = nowMs + byMs
      for (let next = scheduled[0]; next !== undefined && next.atMs <= endMs; next = scheduled[0]) {
        scheduled = scheduled.slice(1)
        nowMs = next.atMs
        next.action()
      }
      nowMs = endMs
    },
    waiting: () => scheduled.map(({ atMs }) => atMs - nowMs),
  }
}
