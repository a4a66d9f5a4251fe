import type { ChainClient } from '../chain/context.js'
import { readOwed, type OwedParameters } from '../chain/owed.js'
import type { SluiceError } from '../errors.js'
import { tournaments } from './product.js'

/**
 * What could not be delivered to an account and is kept for it, in all tournaments together.
 *
 * @param client any viem client
 * @param parameters the account and the token (zero: the native coin)
 * @returns base units
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { getOwed } from '@sluice/sdk/tournament'
 *
 * const waiting = (client: PublicClient, account: `0x${string}`, token: `0x${string}`) =>
 *   getOwed(client, { account, token })
 * ```
 */
export async function getOwed(
  client: ChainClient,
  parameters: getOwed.Parameters,
): Promise<getOwed.ReturnType> {
  return await readOwed(client, parameters, tournaments)
}

export declare namespace getOwed {
  type Parameters = OwedParameters
  type ReturnType = bigint
  type ErrorType = SluiceError
}
