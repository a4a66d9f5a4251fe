import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'
import type { TournamentResult } from './result.js'

/**
 * Builds the call that reports who came where. For the host, between the deadlines.
 *
 * @param parameters the contract, the terms, and the result: `buildResult`
 *
 * @example
 * ```ts
 * import { submitResultCall, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const report = (contract: `0x${string}`, tournament: Tournament, { result }: BuiltResult) =>
 *   submitResultCall({ contract, tournament, result })
 * ```
 */
export function submitResultCall(parameters: submitResultCall.Parameters): TournamentsCall {
  const { contract, tournament, result } = parameters
  return tournamentsCall(contract, 'submitResult', [encodeTerms(tournament), result])
}

export declare namespace submitResultCall {
  type Parameters = OfTournament & { readonly result: TournamentResult }
}
