import type { Client } from 'viem'
import { readContract } from 'viem/actions'
import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { answered, deploymentOf, whichTournament, type ReadParameters, type WhichTournament } from './read.js'
import { seatOf } from './stages.js'
import type { Seat } from './types.js'

/**
 * What the chain knows of an account in a tournament.
 *
 * @param client any viem client
 * @param parameters the terms or the id, and the account
 * @returns whether it plays, and the base units it gave as a sponsor and did not get back
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { getPlayer } from '@sluice/sdk/tournament'
 *
 * async function plays(client: PublicClient, tournamentId: `0x${string}`, account: `0x${string}`) {
 *   return (await getPlayer(client, { tournamentId, account })).seat === 'joined'
 * }
 * ```
 */
export async function getPlayer(
  client: Client,
  parameters: getPlayer.Parameters,
): Promise<getPlayer.ReturnType> {
  const deployment = await deploymentOf(client, parameters)
  const [seat, sponsored] = await answered(
    readContract(client, {
      address: deployment.contract,
      abi: tournamentsFunctions,
      functionName: 'accountState',
      args: [whichTournament(deployment, parameters), parameters.account],
    }),
  )
  return { seat: seatOf(seat), sponsored }
}

export declare namespace getPlayer {
  type Parameters = ReadParameters & WhichTournament & { readonly account: Address }
  type ReturnType = { readonly seat: Seat; readonly sponsored: bigint }
  type ErrorType = SluiceError
}
