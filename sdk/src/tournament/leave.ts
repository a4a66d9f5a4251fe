import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'

/**
 * Builds the call by which a player leaves before the join deadline and gets its stake.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { leaveCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const out = (contract: `0x${string}`, tournament: Tournament) => leaveCall({ contract, tournament })
 * ```
 */
export function leaveCall({ contract, tournament }: OfTournament): TournamentsCall {
  return tournamentsCall(contract, 'leave', [encodeTerms(tournament)])
}
