import { readContract } from 'viem/actions'
import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import { resolveDeployment, unanswered, type ChainClient, type ReadParameters } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
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
  const deployment = await resolveDeployment(client, parameters, tournaments)
  try {
    return await readContract(client, {
      address: deployment.contract,
      abi: tournamentsFunctions,
      functionName: 'owed',
      args: [parameters.account, parameters.token],
    })
  } catch (error) {
    throw unanswered(client, error, tournaments, deployment)
  }
}

export declare namespace getOwed {
  type Parameters = ReadParameters & { readonly account: Address; readonly token: Address }
  type ReturnType = bigint
  type ErrorType = SluiceError
}
