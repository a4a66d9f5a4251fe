import { formatAmount, termsOf, type Price, type StandingOffer } from '@sluice/sdk/session'
import { canonicalJson, toBase64Url } from './encoding.js'

/**
 * What a route asks, as the `request` parameter of a challenge: base64url of canonical JSON.
 *
 * `amount` is the price of `methodDetails.per` units, so that no price is rounded.
 *
 * @param offer the payee's
 * @param price the route's
 */
export function paymentRequest(offer: StandingOffer, price: Price): string {
  const { creditAmount, windowAmount } = termsOf(offer)
  return toBase64Url(
    canonicalJson({
      amount: price.amount.toString(),
      currency: offer.token,
      recipient: offer.payee,
      suggestedDeposit: offer.suggestedDeposit.toString(),
      unitType: unitType(price),
      methodDetails: {
        chainId: offer.chainId,
        contract: offer.contract,
        escrowContract: offer.contract,
        operator: offer.operator,
        grace: offer.grace,
        confirmations: offer.confirmations,
        decimals: offer.decimals,
        symbol: offer.symbol,
        unit: price.unit,
        per: price.per.toString(),
        minVoucherDelta: '0',
        ...(offer.unit === 'second'
          ? { minRate: rateOf(offer).toString(), minBurst: (windowAmount + creditAmount).toString() }
          : {}),
      },
    }),
  )
}

function rateOf(offer: StandingOffer): bigint {
  return offer.price / offer.per
}

/** The unit an amount is for, such as `request` or `1000000 byte`. */
export function unitType(price: Price): string {
  return price.per === 1n ? price.unit : `${price.per} ${price.unit}`
}

/** A price for people: `0.002 USDC a second`. */
export function priceText(offer: StandingOffer, price: Price): string {
  const amount = `${formatAmount(price.amount, offer.decimals)} ${offer.symbol}`
  return price.per === 1n ? `${amount} a ${price.unit}` : `${amount} for ${price.per} ${price.unit}s`
}
