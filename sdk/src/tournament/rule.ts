import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'
import type { TournamentResult } from './result.js'

/**
 * Builds the call that decides a dispute: the right result, final at once. For the referee, within its window.
 *
 * @param parameters the contract, the terms, and the right result: `buildResult`
 *
 * @example
 * ```ts
 * import { ruleCall, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const decide = (contract: `0x${string}`, tournament: Tournament, { result }: BuiltResult) =>
 *   ruleCall({ contract, tournament, result })
 * ```
 */
export function ruleCall(parameters: ruleCall.Parameters): TournamentsCall {
  const { contract, tournament, result } = parameters
  return tournamentsCall(contract, 'rule', [encodeTerms(tournament), result])
}

export declare namespace ruleCall {
  type Parameters = OfTournament & { readonly result: TournamentResult }
}
