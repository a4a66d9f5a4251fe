import type { Clock } from '@sluice/sdk/session'

/**
 * The real clock, faster: processes that share `startMs` and `speed` agree on the time.
 *
 * @param startMs milliseconds since 1970 from which time runs faster
 * @param speed how much faster
 * @param realMs the real time at that moment, when the clock shall show another
 */
export function createFastClock(startMs: number, speed: number, realMs = startMs): Clock {
  return {
    now: () => startMs + Math.floor((performance.timeOrigin + performance.now() - realMs) * speed),
    schedule: (afterMs, action) => {
      const timer = setTimeout(action, afterMs / speed)
      return () => {
        clearTimeout(timer)
      }
    },
  }
}
