import type { Clock } from '../ports.js'

/** Frames a connection may send in a second, on average, and at once. */
export type FrameLimits = { readonly framesPerSecond: number; readonly burst: number }

/**
 * A bucket of frames that refills with time; false when it is empty.
 *
 * @param limits its size and how fast it refills
 * @param clock tells the time
 */
export function frameBudget(limits: FrameLimits, clock: Clock): () => boolean {
  let tokens = limits.burst
  let filledMs = clock.now()
  return () => {
    const nowMs = clock.now()
    tokens = Math.min(limits.burst, tokens + ((nowMs - filledMs) / 1000) * limits.framesPerSecond)
    filledMs = nowMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
