import type { Clock } from '../session/ports.js'

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
