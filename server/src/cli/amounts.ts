import type { Address } from '@sluice/sdk'
import { formatAmount } from '@sluice/sdk/session'

/** What a token is called and how it counts. */
export type TokenInfo = {
  /** Zero: the chain's native coin. */
  readonly address: Address
  readonly symbol: string
  readonly decimals: number
}

/** An amount for machines: `base` is exact, `amount` is the same in whole tokens. */
export type JsonAmount = { readonly amount: string; readonly base: string; readonly symbol: string }

/**
 * An amount for people, such as `1.25 USDC`.
 *
 * @param amount base units
 * @param token the token it is in
 */
export function showAmount(amount: bigint, token: TokenInfo): string {
  return `${formatAmount(amount, token.decimals)} ${token.symbol}`
}

/**
 * An amount for machines.
 *
 * @param amount base units
 * @param token the token it is in
 */
export function jsonAmount(amount: bigint, token: TokenInfo): JsonAmount {
  return { amount: formatAmount(amount, token.decimals), base: amount.toString(), symbol: token.symbol }
}

/**
 * A length of time, such as `41:40` or `2:03:20`, rounded down.
 *
 * @param seconds how long
 */
export function showDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/**
 * A moment in the reader's own time zone, to the second.
 *
 * @param second since 1970
 */
export function showMoment(second: number): string {
  return new Date(second * 1000).toLocaleString('sv-SE')
}

/**
 * An id or address that fits a table and can still be told from others.
 *
 * @param hex 0x and many digits
 */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 8)}…${hex.slice(-4)}`
}
