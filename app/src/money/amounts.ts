import { formatAmount } from '@sluice/sdk'

/** A token as amounts of it are written. */
export type Token = { readonly symbol: string; readonly decimals: number }

/** How amounts are written in one language. */
export type Money = {
  readonly symbol: string
  /** Whole tokens with their symbol, such as `5.00 USDC`; `digits` behind the point at most, at least two. */
  readonly token: (amount: bigint, digits?: number) => string
  /** As it stands in a field: all of its digits, with the language's sign before those of the fraction, and no other. */
  readonly typed: (amount: bigint) => string
  /** In US dollars, such as `$5.00`; undefined when nobody says what a token is worth. */
  readonly fiat: (amount: bigint) => string | undefined
}

/**
 * Writes amounts for people. Digits beyond those shown are cut off, so that nothing looks like more than it is.
 *
 * @param locale such as `de`
 * @param token base units are of this token
 * @param priceUsd what one token is worth, as a decimal number
 */
export function createMoney(locale: string, token: Token, priceUsd: string | undefined): Money {
  const number = (digits: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: Math.max(2, digits) })
  const dollars = (digits: number) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumFractionDigits: digits })

  function plain(amount: bigint, digits = 2): string {
    return number(digits).format(cut(formatAmount(amount, token.decimals), digits))
  }

  return {
    symbol: token.symbol,
    typed: (amount) => {
      const { decimals } = token
      const text = formatAmount(amount, decimals) as Intl.StringNumericLiteral
      return new Intl.NumberFormat(locale, {
        useGrouping: false,
        minimumFractionDigits: Math.min(2, decimals),
        maximumFractionDigits: decimals,
      }).format(text)
    },
    token: (amount, digits) => `${plain(amount, digits)} ${token.symbol}`,
    fiat: (amount) => {
      if (priceUsd === undefined) return undefined
      const [whole = '0', fraction = ''] = priceUsd.split('.')
      const worth = formatAmount(amount * BigInt(whole + fraction), token.decimals + fraction.length)
      const digits = amount > 0n && Number(worth) < 0.01 ? 4 : 2
      return dollars(digits).format(cut(worth, digits))
    },
  }
}

/** `Intl` formats decimal text exactly, which a number could not hold. */
function cut(text: string, digits: number): Intl.StringNumericLiteral {
  const [whole = '0', fraction = ''] = text.split('.')
  return `${whole}.${fraction.slice(0, Math.max(2, digits)).padEnd(1, '0')}` as Intl.StringNumericLiteral
}

/**
 * Reads an amount as people type it, with a point or a comma; undefined when it is none or too fine.
 *
 * @param text such as `0,50`
 * @param decimals of the token
 * @returns the amount as the SDK takes it, such as `0.50`
 */
export function readAmount(text: string, decimals: number): string | undefined {
  const match = /^(\d{0,12})(?:[.,](\d*))?$/.exec(text.trim())
  if (match === null) return undefined
  const [, whole = '', fraction = ''] = match
  if (fraction.length > decimals || !/[1-9]/.test(whole + fraction)) return undefined
  return fraction === '' ? whole : `${whole === '' ? '0' : whole}.${fraction}`
}
