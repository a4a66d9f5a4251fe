import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import type { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'
import { tournaments } from './product.js'
import { stageOf } from './stages.js'
import type { TournamentState } from './types.js'
import { whichTournament, type WhichTournament } from './which.js'

/**
 * What the chain knows of a tournament.
 *
 * @param client any viem client
 * @param parameters the terms or the id
 * @returns its id, stage and money, base units and seconds; stage `none` when it was never created
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { getTournament, type Tournament } from '@sluice/sdk/tournament'
 *
 * async function isOver(client: PublicClient, tournament: Tournament) {
 *   return (await getTournament(client, { tournament })).stage === 'paid'
 * }
 * ```
 */
export async function getTournament(
  client: ChainClient,
  parameters: getTournament.Parameters,
): Promise<getTournament.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, tournaments)
  const id = whichTournament(deployment, parameters)
  return { tournamentId: id, ...(await readState(client, deployment, id)) }
}

export declare namespace getTournament {
  type Parameters = ReadParameters & WhichTournament
  type ReturnType = TournamentState & { readonly tournamentId: Hex }
  type ErrorType = SluiceError
}

/**
 * Reads one tournament's state.
 *
 * @param client any viem client
 * @param deployment where the tournament lives
 * @param id the tournament's
 */
export async function readState(
  client: ChainClient,
  deployment: Deployment,
  id: Hex,
): Promise<TournamentState> {
  const { stage, ...state } = await readView(client, tournaments, deployment, {
    abi: tournamentsFunctions,
    functionName: 'tournamentState',
    args: [id],
  })
  return { ...state, stage: stageOf(stage) }
}
