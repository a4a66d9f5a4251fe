import type { ChainClient } from '../chain/context.js'
import { readOwed, type OwedParameters } from '../chain/owed.js'
import type { SluiceError } from '../errors.js'
import { subscriptions } from './product.js'

/**
 * What the contract keeps for an account because it could not be paid.
 *
 * @param client any viem client
 * @param parameters the account and the token; zero: the native coin
 * @returns base units
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`
 *
 * @example
 * ```ts
 * import type { Address, PublicClient } from 'viem'
 * import { getOwed } from '@sluice/sdk/subscription'
 *
 * const kept = (client: PublicClient, account: Address, token: Address) => getOwed(client, { account, token })
 * ```
 */
export async function getOwed(client: ChainClient, parameters: getOwed.Parameters): Promise<bigint> {
  return await readOwed(client, parameters, subscriptions)
}

export declare namespace getOwed {
  type Parameters = OwedParameters
  type ReturnType = bigint
  type ErrorType = SluiceError
}
