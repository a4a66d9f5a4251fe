import type { Hex } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import type { PaymentPlan } from '@sluice/sdk/escrow'
import type { OpenedForSending } from './open.js'

/** The amount that is meant: the one given, else all that the order allows. */
export function amountOf({ order, token }: OpenedForSending, text: string | undefined): bigint {
  return text === undefined ? order.maxAmount : parseAmount(text, token.decimals)
}

/**
 * What a payment will take, in words.
 *
 * @param given a payment that was signed before; else it is planned
 * @param plan asks what it will take
 */
export async function paymentLines(
  given: Hex | undefined,
  plan: () => Promise<PaymentPlan>,
): Promise<readonly string[]> {
  if (given !== undefined) return ['paid with what the payer signed before']
  const { steps } = await plan()
  return steps.map(({ title }, index) => `${index + 1} of ${steps.length}: ${title}`)
}
