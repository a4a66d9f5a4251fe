import type { Hex } from '../types.js'
import { invalidTournament } from './invalid.js'

/**
 * A payout table as the contract takes it: two bytes a rank.
 *
 * @param payouts basis points by rank
 * @throws SluiceError `invalid-argument` for a value that does not fit two bytes
 */
export function encodePayouts(payouts: readonly number[]): Hex {
  const words = payouts.map((points) => {
    if (!Number.isInteger(points) || points < 0 || points > 0xffff) {
      throw invalidTournament('payouts', points, 'basis points from 0 to 10,000')
    }
    return points.toString(16).padStart(4, '0')
  })
  return `0x${words.join('')}`
}

/**
 * Basis points by rank, from what the contract holds.
 *
 * @param encoded two bytes a rank
 */
export function decodePayouts(encoded: Hex): readonly number[] {
  return Array.from({ length: (encoded.length - 2) / 4 }, (_, rank) =>
    Number.parseInt(encoded.slice(2 + 4 * rank, 6 + 4 * rank), 16),
  )
}
