import { formatUnits } from 'viem'

/** How amounts of a token are written for a person. */
export type TokenUnits = {
  readonly symbol: string
  readonly decimals: number
}

/** Digits after the point that a person reads. */
const shownDigits = 6

/**
 * Writes base units for a person: at least two and at most six digits after the point, and the symbol.
 *
 * @param amount base units
 * @param units the token's symbol and decimals
 * @param rounding `down` for what somebody has, `up` for what is needed, so that the two never look equal when they
 * are not
 */
export function formatTokenAmount(
  amount: bigint,
  units: TokenUnits,
  rounding: 'down' | 'up' = 'down',
): string {
  return `${formatUnitsShortly(amount, units.decimals, rounding)} ${units.symbol}`
}

/**
 * Like {@link formatTokenAmount} without the symbol.
 *
 * @param amount base units
 * @param decimals of the token
 * @param rounding see {@link formatTokenAmount}
 */
export function formatUnitsShortly(
  amount: bigint,
  decimals: number,
  rounding: 'down' | 'up' = 'down',
): string {
  const step = decimals > shownDigits ? 10n ** BigInt(decimals - shownDigits) : 1n
  const rounded = (rounding === 'up' ? (amount + step - 1n) / step : amount / step) * step
  const [whole = '0', fraction = ''] = formatUnits(rounded, decimals).split('.')
  return decimals === 0 ? whole : `${whole}.${fraction.padEnd(Math.min(2, decimals), '0')}`
}
