import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'

/**
 * Builds the call that ends a tournament which cannot reach its prizes, and opens what is left for `refundCall`. For the
 * host before the join deadline; for anyone when too few joined, no result or ruling came in time, or prizes waited for
 * 180 days.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { cancelTournamentCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const giveUp = (contract: `0x${string}`, tournament: Tournament) => cancelTournamentCall({ contract, tournament })
 * ```
 */
export function cancelTournamentCall({ contract, tournament }: OfTournament): TournamentsCall {
  return tournamentsCall(contract, 'cancel', [encodeTerms(tournament)])
}
