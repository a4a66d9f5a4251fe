import { SluiceError } from '../errors.js'

/** What is metered. */
export type Unit = 'second' | 'byte' | 'request'

/**
 * A price: `amount` base units for `per` units.
 *
 * Delivery is counted in metering units, the finest step of each unit: milliseconds, bytes, requests.
 */
export type Price = {
  readonly amount: bigint
  readonly unit: Unit
  readonly per: bigint
}

/** Metering units in one unit: 1,000 milliseconds in a second. */
export function meteringUnits(unit: Unit): bigint {
  return unit === 'second' ? 1000n : 1n
}

/**
 * The price of everything delivered so far, rounded down once, so that many small deliveries cost what one large one
 * costs.
 *
 * @param price the price
 * @param units metering units delivered in all
 * @returns base units
 */
export function costOf(price: Price, units: bigint): bigint {
  return (units * price.amount) / (price.per * meteringUnits(price.unit))
}

/**
 * The metering units that `amount` pays for in full, rounded down. Zero price: no bound, so `undefined`.
 *
 * @param price the price
 * @param amount base units
 */
export function unitsFor(price: Price, amount: bigint): bigint | undefined {
  if (price.amount === 0n) return undefined
  return (amount * price.per * meteringUnits(price.unit)) / price.amount
}

const pricePattern = /^(\d+)(?:\.(\d+))?\/(?:([1-9]\d*)\s*)?(s|min|h|byte|kb|mb|gb|request)$/

const priceUnits: Readonly<Record<string, { readonly unit: Unit; readonly per: bigint }>> = {
  s: { unit: 'second', per: 1n },
  min: { unit: 'second', per: 60n },
  h: { unit: 'second', per: 3600n },
  byte: { unit: 'byte', per: 1n },
  kb: { unit: 'byte', per: 1000n },
  mb: { unit: 'byte', per: 1_000_000n },
  gb: { unit: 'byte', per: 1_000_000_000n },
  request: { unit: 'request', per: 1n },
}

/**
 * Reads a price as people write it: `0.002/s`, `1.20/h`, `0.05/mb`, `0.001/request`.
 *
 * @param text amount in whole tokens, a slash, and s, min, h, byte, kb, mb, gb or request
 * @param decimals of the token
 * @throws SluiceError `invalid-argument` when the text is no price or finer than the token's base unit
 */
export function parsePrice(text: string, decimals: number): Price {
  const match = pricePattern.exec(text.trim().toLowerCase())
  const basis = match?.[4] === undefined ? undefined : priceUnits[match[4]]
  if (match?.[1] === undefined || basis === undefined) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: `"${text}" is not a price.`,
      details: 'expected an amount, a slash and one of s, min, h, byte, kb, mb, gb, request, such as 0.002/s',
    })
  }
  return {
    amount: parseAmount(`${match[1]}.${match[2] ?? '0'}`, decimals),
    unit: basis.unit,
    per: basis.per * BigInt(match[3] ?? 1),
  }
}

/**
 * Reads a decimal amount of whole tokens.
 *
 * @param text such as `5.00`
 * @param decimals of the token
 * @returns base units
 * @throws SluiceError `invalid-argument` when the text is no amount or has more digits than the token
 */
export function parseAmount(text: string, decimals: number): bigint {
  const match = /^(\d+)(?:\.(\d*))?$/.exec(text.trim())
  const fraction = (match?.[2] ?? '').replace(/0+$/, '')
  if (match?.[1] === undefined || fraction.length > decimals) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: `"${text}" is not an amount.`,
      details: `expected a decimal number with at most ${decimals} digits after the point`,
    })
  }
  return BigInt(match[1] + fraction.padEnd(decimals, '0'))
}

/**
 * Writes base units as whole tokens, without trailing zeros: `2000` with 6 decimals is `0.002`.
 *
 * @param amount base units
 * @param decimals of the token
 */
export function formatAmount(amount: bigint, decimals: number): string {
  const negative = amount < 0n
  const digits = (negative ? -amount : amount).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
