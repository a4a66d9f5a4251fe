import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import type { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex } from '../types.js'
import { tournaments } from './product.js'
import { seatOf } from './stages.js'
import type { Seat } from './types.js'
import { whichTournament, type WhichTournament } from './which.js'

/**
 * What the chain knows of an account in a tournament.
 *
 * @param client any viem client
 * @param parameters the terms or the id, and the account
 * @returns whether it plays, and the base units it gave as a sponsor and did not get back
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`, `invalid-argument` when there is no such contract
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
  client: ChainClient,
  parameters: getPlayer.Parameters,
): Promise<getPlayer.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, tournaments)
  return await readPlayer(client, deployment, whichTournament(deployment, parameters), parameters.account)
}

export declare namespace getPlayer {
  type Parameters = ReadParameters & WhichTournament & { readonly account: Address }
  type ReturnType = { readonly seat: Seat; readonly sponsored: bigint }
  type ErrorType = SluiceError
}

/**
 * Reads one account's part in a tournament.
 *
 * @param client any viem client
 * @param deployment where the tournament lives
 * @param id the tournament's
 * @param account player or sponsor
 */
export async function readPlayer(
  client: ChainClient,
  deployment: Deployment,
  id: Hex,
  account: Address,
): Promise<getPlayer.ReturnType> {
  const [seat, sponsored] = await readView(client, tournaments, deployment, {
    abi: tournamentsFunctions,
    functionName: 'accountState',
    args: [id, account],
  })
  return { seat: seatOf(seat), sponsored }
}
