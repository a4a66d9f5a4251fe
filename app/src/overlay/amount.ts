/**
 * An amount as an overlay shows it, such as `0.50 USDC`: digits beyond those shown are cut off, so that nothing looks like
 * more than it is.
 *
 * @param amount base units
 */
export function shortAmount(
  locale: string,
  amount: bigint,
  { symbol, decimals }: { readonly symbol: string; readonly decimals: number },
): string {
  const digits = amount.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals)
  // What is less than a hundredth is shown in full, as far as it is not zero.
  const shown = whole === '0' && /^00/.test(fraction) ? fraction.replace(/0+$/, '') : fraction.slice(0, 2)
  const text = `${whole}.${shown.padEnd(2, '0')}` as Intl.StringNumericLiteral
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 18 })
  return `${format.format(text)} ${symbol}`
}
