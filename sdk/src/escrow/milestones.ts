import { concatHex, numberToHex, padHex } from 'viem'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { invalid } from './invalid.js'

/**
 * The word that cuts an order into milestones of exactly these amounts, whose sum is the order's `maxAmount`.
 *
 * @param amounts base units of up to sixteen milestones
 * @throws SluiceError `invalid-argument` when there are none or too many, or when their proportion does not fit 16 bits
 *
 * @example
 * ```ts
 * import { encodeMilestones } from '@sluice/sdk/escrow'
 *
 * const milestones = encodeMilestones([100_000_000n, 250_000_000n, 50_000_000n])
 * ```
 */
export function encodeMilestones(amounts: readonly bigint[]): Hex {
  if (amounts.length === 0 || amounts.length > 16 || amounts.some((amount) => amount <= 0n)) {
    throw invalid(
      'An order has one to sixteen milestones.',
      `${amounts.length} amounts: ${amounts.join(', ')}`,
    )
  }
  const divisor = amounts.reduce(greatestCommonDivisor)
  const weights = amounts.map((amount) => amount / divisor)
  const largest = weights.reduce((a, b) => (a > b ? a : b))
  if (largest > 65_535n) {
    throw invalid(
      'The milestones are too uneven: round their amounts.',
      `weight ${largest} in units of ${divisor}, expected at most 65535`,
    )
  }
  const words = weights.map((weight) => numberToHex(weight, { size: 2 }))
  return padHex(concatHex(words), { dir: 'right', size: 32 })
}

export declare namespace encodeMilestones {
  type ErrorType = SluiceError
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}
