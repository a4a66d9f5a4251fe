import { RateLimiterMemory } from 'rate-limiter-flexible'
import { secondsUntil } from '../http/retryAfter.js'
import type { Limits } from '../limits.js'

/** Why a connection is not taken in; `retryAfter` in seconds. */
export type Refusal = {
  readonly status: 403 | 429 | 503
  readonly code: string
  readonly retryAfter?: number
}

/** Counts connections, in all and by address. */
export type Admission = {
  /** Takes a place for an address, or says why not. Call `release` once for every place taken. */
  readonly take: (address: string, origin: string | undefined) => Promise<Refusal | undefined>
  readonly release: (address: string) => void
  readonly count: () => number
}

/**
 * Decides which connections are taken in.
 *
 * @param limits how many
 * @param origins browser origins that may connect; undefined: all. Clients that are no browsers send none.
 */
export function createAdmission(limits: Limits, origins: readonly string[] | undefined): Admission {
  const allowed = origins === undefined ? undefined : new Set(origins.map((origin) => origin.toLowerCase()))
  const places = new Map<string, number>()
  const fresh = new RateLimiterMemory({ points: limits.connectsPerMinute, duration: 60 })
  let total = 0

  function free(address: string): Refusal | undefined {
    if (total >= limits.connections) return { status: 503, code: 'rate-limited', retryAfter: 5 }
    if ((places.get(address) ?? 0) >= limits.connectionsPerAddress) {
      return { status: 429, code: 'rate-limited', retryAfter: 5 }
    }
    return undefined
  }

  return {
    take: async (address, origin) => {
      if (allowed !== undefined && origin !== undefined && !allowed.has(origin.toLowerCase())) {
        return { status: 403, code: 'terms-refused' }
      }
      const full = free(address)
      if (full !== undefined) return full
      // The place is taken before waiting, so that many at once cannot share the last one.
      total += 1
      places.set(address, (places.get(address) ?? 0) + 1)
      try {
        await fresh.consume(address)
        return undefined
      } catch (refused) {
        release(address)
        return { status: 429, code: 'rate-limited', retryAfter: secondsUntil(refused) }
      }
    },
    release,
    count: () => total,
  }

  function release(address: string): void {
    total -= 1
    const rest = (places.get(address) ?? 1) - 1
    if (rest > 0) places.set(address, rest)
    else places.delete(address)
  }
}
