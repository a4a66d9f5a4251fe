import type { Clock, Random } from '../session/ports.js'

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

/** The platform's cryptographic randomness. */
export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length))
