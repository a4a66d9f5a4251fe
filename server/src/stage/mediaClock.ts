/** How much further than all before a packet's time reaches, in milliseconds of media. */
export type MediaClock = {
  /** @param timestamp 32 bits, in ticks of the codec's clock (RFC 3550, 5.1) */
  readonly advance: (timestamp: number) => number
}

const modulus = 2 ** 32
/** A longer step is a publisher that began anew, not media that was delivered. */
const longestStepMs = 2_000

/** @param rate ticks a second */
export function createMediaClock(rate: number): MediaClock {
  let last: number | undefined
  return {
    advance(timestamp) {
      const before = last ?? timestamp
      const forward = (timestamp - before + modulus) % modulus
      if (forward >= modulus / 2) return 0
      last = timestamp
      const milliseconds = (forward * 1000) / rate
      return milliseconds > longestStepMs ? 0 : milliseconds
    },
  }
}

/**
 * Milliseconds of media from one packet's time to another's; negative when it lies before.
 *
 * @param from ticks, 32 bits
 * @param to ticks, 32 bits
 * @param rate ticks a second
 */
export function mediaBetween(from: number, to: number, rate: number): number {
  const forward = (to - from + modulus) % modulus
  return ((forward < modulus / 2 ? forward : forward - modulus) * 1000) / rate
}
