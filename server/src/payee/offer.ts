import { zeroAddress, type Address } from '@sluice/sdk'
import {
  costOf,
  meteringUnits,
  parseAmount,
  parsePrice,
  type Price,
  type StandingOffer,
} from '@sluice/sdk/session'
import type { PayeeOptions } from './options.js'
import { checkAddress, invalid, lower, type TokenInfo } from './startup.js'

const windows = { second: 10, byte: 1_000_000, request: 10 } as const
const credits = { second: 3, byte: 300_000, request: 0 } as const

/**
 * What a payee sells, from its options and what the chain says of the token.
 *
 * @throws SluiceError `invalid-argument` naming the option that cannot be
 */
export function createOffer(options: PayeeOptions, contract: Address, token: TokenInfo): StandingOffer {
  const price = readPrice(options.price, token.decimals)
  const payee = lower(options.payee ?? options.account.address)
  checkAddress('payee', payee)
  if (payee === zeroAddress) throw invalid('The payee is nobody.', 'payee is the zero address')
  const account = lower(options.account.address)
  const window = count('window', options.window ?? windows[price.unit])
  const windowCost = costOf(price, window * meteringUnits(price.unit))
  const { grace = 3_600, confirmations = 1, title = '' } = options
  if (!Number.isInteger(grace) || grace < 900 || grace > 2_592_000) {
    throw invalid('The grace period must be between 15 minutes and 30 days.', `grace is ${grace} seconds`)
  }
  if (!Number.isInteger(confirmations) || confirmations < 1 || confirmations > 10_000) {
    throw invalid('Confirmations must be a whole number of at least 1.', `confirmations is ${confirmations}`)
  }
  if (title.length > 200) throw invalid('The title is too long.', `${title.length} characters, at most 200`)
  return {
    chainId: options.chain.id,
    contract,
    token: token.address,
    symbol: token.symbol,
    decimals: token.decimals,
    payee,
    operator: payee === account ? zeroAddress : account,
    price: price.amount,
    unit: price.unit,
    per: price.per,
    window,
    credit: count('credit', options.credit ?? credits[price.unit]),
    minDelta: amount('minDelta', options.minDelta ?? windowCost / 10n, token),
    suggestedDeposit: amount('suggestedDeposit', options.suggestedDeposit ?? windowCost * 60n, token),
    grace,
    confirmations,
    title,
  }
}

function readPrice(given: string | Price, decimals: number): Price {
  const price = typeof given === 'string' ? parsePrice(given, decimals) : given
  if (price.amount < 0n || price.per <= 0n) {
    throw invalid('This price cannot be asked.', `${price.amount} base units for ${price.per} ${price.unit}`)
  }
  return price
}

function amount(name: string, given: string | bigint, token: TokenInfo): bigint {
  const value = typeof given === 'string' ? parseAmount(given, token.decimals) : given
  if (value < 0n || value >> 96n !== 0n)
    throw invalid(`The ${name} cannot be.`, `${name} is ${value} base units`)
  return value
}

function count(name: string, value: number): bigint {
  if (Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  throw invalid(`The ${name} must be a whole number of units.`, `${name} is ${value}`)
}
