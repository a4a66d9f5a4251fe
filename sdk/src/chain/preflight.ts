import { call, estimateGas, getBalance, getGasPrice } from 'viem/actions'
import { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import type { ContractCall } from './call.js'
import { contextOf, type ChainClient } from './context.js'
import { formatTokenAmount, type TokenUnits } from './format.js'
import type { Product } from './product.js'
import { askOnce } from './read.js'
import { toSluiceError } from './toSluiceError.js'

/** The chain's native coin, as a person reads it. */
export function nativeUnits(client: ChainClient): TokenUnits {
  return client.chain?.nativeCurrency ?? { symbol: 'ETH', decimals: 18 }
}

/**
 * Plays a call through before anybody is asked to sign it, so that nobody pays gas for a revert, and checks that the
 * account can pay for the gas.
 *
 * @param client any viem client
 * @param account who would send it
 * @param request the call
 * @param product whose reverts are read
 * @throws SluiceError the contract's reason, `insufficient-gas` with both amounts, or `rpc-unreachable`
 */
export async function preflight(
  client: ChainClient,
  account: Address,
  request: ContractCall,
  product: Product,
): Promise<void> {
  const { to, data, value } = request
  const transaction = { account, to, data, value }
  try {
    await askOnce(client, (once) => call(once, transaction))
    const gas = await askOnce(client, (once) => estimateGas(once, transaction))
    await requireGas(client, account, gas, value)
  } catch (error) {
    throw await toSluiceError(error, contextOf(client, product))
  }
}

/**
 * Checks that an account can pay for gas on top of what it sends.
 *
 * @param client any viem client
 * @param account who pays
 * @param gas units
 * @param value native coin sent as well, in wei
 * @throws SluiceError `insufficient-gas` with both amounts
 */
export async function requireGas(
  client: ChainClient,
  account: Address,
  gas: bigint,
  value: bigint,
): Promise<void> {
  const [balance, gasPrice] = await Promise.all([
    getBalance(client, { address: account }),
    getGasPrice(client),
  ])
  const needed = gas * gasPrice + value
  if (balance >= needed) return
  const units = nativeUnits(client)
  const have = formatTokenAmount(balance, units)
  throw new SluiceError({
    code: 'insufficient-gas',
    message: `You have ${have}; about ${formatTokenAmount(needed, units, 'up')} needed with the network fee.`,
    details: `balance ${balance} wei, needed ${needed} wei (${gas} gas at ${gasPrice} wei, value ${value} wei)`,
    action: 'add-funds',
    retryable: true,
  })
}

/**
 * Checks that an account holds what it is about to pay.
 *
 * @param held base units
 * @param needed base units
 * @param units the token's symbol and decimals
 * @throws SluiceError `insufficient-token` with both amounts
 */
export function requireBalance(held: bigint, needed: bigint, units: TokenUnits): void {
  if (held >= needed) return
  const wanted = formatTokenAmount(needed, units, 'up').slice(0, -units.symbol.length - 1)
  throw new SluiceError({
    code: 'insufficient-token',
    message: `You have ${formatTokenAmount(held, units)}; ${wanted} needed.`,
    details: `balance ${held}, needed ${needed} base units of ${units.symbol}`,
    action: 'add-funds',
    retryable: true,
  })
}
