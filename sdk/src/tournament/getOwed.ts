import type { Client } from 'viem'
import { readContract } from 'viem/actions'
import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { answered, deploymentOf, type ReadParameters } from './read.js'

/**
 * What could not be delivered to an account and is kept for it, in all tournaments together.
 *
 * @param client any viem client
 * @param parameters the account and the token (zero: the native coin)
 * @returns base units
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
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
export async function getOwed(client: Client, parameters: getOwed.Parameters): Promise<getOwed.ReturnType> {
  const { contract } = await deploymentOf(client, parameters)
  return await answered(
    readContract(client, {
      address: contract,
      abi: tournamentsFunctions,
      functionName: 'owed',
      args: [parameters.account, parameters.token],
    }),
  )
}

export declare namespace getOwed {
  type Parameters = ReadParameters & { readonly account: Address; readonly token: Address }
  type ReturnType = bigint
  type ErrorType = SluiceError
}
