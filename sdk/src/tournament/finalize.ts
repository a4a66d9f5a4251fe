import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'

/**
 * Builds the call that makes a result final that nobody challenged in time. For anyone.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { finalizeCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const settle = (contract: `0x${string}`, tournament: Tournament) => finalizeCall({ contract, tournament })
 * ```
 */
export function finalizeCall({ contract, tournament }: OfTournament): TournamentsCall {
  return tournamentsCall(contract, 'finalize', [encodeTerms(tournament)])
}
