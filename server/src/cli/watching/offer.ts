import { SluiceError } from '@sluice/sdk'
import { costOf, decodeMessage, formatAmount, type Offer } from '@sluice/sdk/session'
import type { TokenInfo } from '../amounts.js'
import { failure, usageError } from '../exit.js'

/**
 * Asks a payee what it sells, before any key or chain is needed: the offer says which chain it is.
 *
 * @param url any page of the payee
 * @throws CommandError exit code 2 for what is no address, exit code 1 when no payee answers there
 */
export async function readOffer(url: string): Promise<Offer> {
  const address = offerAddress(url)
  const text = await load(address)
  try {
    const message = decodeMessage(text)
    if (message.type === 'offer') return message
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
  }
  throw failure(`${address.origin} is not a payee.`, 'Check the address.', {
    details: `${address.href} holds no offer`,
  })
}

function offerAddress(url: string): URL {
  const page = URL.canParse(url) ? new URL(url) : undefined
  if (page?.protocol === 'http:' || page?.protocol === 'https:') return new URL('/.well-known/sluice', page)
  throw usageError(`"${url}" is not the address of a payee.`, 'It starts with http:// or https://.')
}

async function load(address: URL): Promise<string> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) })
    if (response.ok) return await response.text()
    throw failure(`${address.origin} is not a payee.`, 'Check the address.', {
      details: `${address.href} answered ${response.status}`,
    })
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw failure(`Nobody answers at ${address.origin}.`, 'Check the address and that the payee runs.', {
      cause,
    })
  }
}

/** The token of an offer. */
export function tokenOf(offer: Offer): TokenInfo {
  return { address: offer.token, symbol: offer.symbol, decimals: offer.decimals }
}

/**
 * A price as people say it: by the minute when it is by time.
 *
 * @param offer what is sold
 */
export function priceText(offer: Offer): string {
  const { price, unit, per, symbol, decimals } = offer
  if (unit === 'second') {
    return `${formatAmount(costOf({ amount: price, unit, per }, 60_000n), decimals)} ${symbol}/min`
  }
  const [names, name] = unit === 'byte' ? ['bytes', 'byte'] : ['requests', 'request']
  return `${formatAmount(price, decimals)} ${symbol}/${per === 1n ? name : `${per} ${names}`}`
}

/**
 * Seconds that an amount buys; undefined when the price is not by time, or nothing.
 *
 * @param offer what is sold
 * @param amount base units
 */
export function secondsFor(offer: Offer, amount: bigint): number | undefined {
  if (offer.unit !== 'second' || offer.price === 0n) return undefined
  return Number((amount * offer.per) / offer.price)
}
