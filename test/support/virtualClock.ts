import type { Clock } from '@sluice/sdk/session'

/** A clock that moves only when told to, running what is due in order of time. */
export type VirtualClock = Clock & {
  /** Moves on by `ms`, letting pending promises settle between any two timers. */
  readonly advance: (ms: number) => Promise<void>
  /** Timers still waiting. */
  readonly pending: () => number
}

export function createVirtualClock(startMs = 1_700_000_000_000): VirtualClock {
  let nowMs = startMs
  let nextId = 0
  const timers = new Map<number, { readonly atMs: number; readonly action: () => void }>()

  async function advance(ms: number): Promise<void> {
    const untilMs = nowMs + ms
    await settle()
    for (;;) {
      const due = earliest(untilMs)
      if (due === undefined) break
      const [id, timer] = due
      timers.delete(id)
      nowMs = Math.max(nowMs, timer.atMs)
      timer.action()
      await settle()
    }
    nowMs = untilMs
    await settle()
  }

  function earliest(untilMs: number) {
    let best: readonly [number, { readonly atMs: number; readonly action: () => void }] | undefined
    for (const entry of timers) {
      if (entry[1].atMs <= untilMs && (best === undefined || entry[1].atMs < best[1].atMs)) best = entry
    }
    return best
  }

  return {
    now: () => nowMs,
    schedule: (afterMs, action) => {
      const id = nextId
      nextId += 1
      timers.set(id, { atMs: nowMs + Math.max(0, afterMs), action })
      return () => timers.delete(id)
    },
    advance,
    pending: () => timers.size,
  }
}

/** Lets everything that waits on resolved promises run, without waiting for real time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
