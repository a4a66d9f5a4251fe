import type { Client } from 'viem'
import { readContract } from 'viem/actions'
import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { answered, deploymentOf, whichTournament, type ReadParameters, type WhichTournament } from './read.js'
import { stageOf } from './stages.js'
import type { TournamentState } from './types.js'

/**
 * What the chain knows of a tournament.
 *
 * @param client any viem client
 * @param parameters the terms or the id
 * @returns its id, stage and money, base units and seconds; stage `none` when it was never created
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { getTournament, type Tournament } from '@sluice/sdk/tournament'
 *
 * async function isOver(client: PublicClient, tournament: Tournament) {
 *   const { stage, unpaid } = await getTournament(client, { tournament })
 *   return stage === 'paid' || unpaid === 0n
 * }
 * ```
 */
export async function getTournament(
  client: Client,
  parameters: getTournament.Parameters,
): Promise<getTournament.ReturnType> {
  const deployment = await deploymentOf(client, parameters)
  const id = whichTournament(deployment, parameters)
  const { stage, ...state } = await answered(
    readContract(client, {
      address: deployment.contract,
      abi: tournamentsFunctions,
      functionName: 'tournamentState',
      args: [id],
    }),
  )
  return { tournamentId: id, ...state, stage: stageOf(stage) }
}

export declare namespace getTournament {
  type Parameters = ReadParameters & WhichTournament
  type ReturnType = TournamentState & { readonly tournamentId: Hex }
  type ErrorType = SluiceError
}
