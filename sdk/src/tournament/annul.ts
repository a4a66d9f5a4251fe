import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'

/**
 * Builds the call that decides a dispute by declaring the tournament void: stakes go back, both bonds to the challenger.
 * For the referee, within its window.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { annulCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const declareVoid = (contract: `0x${string}`, tournament: Tournament) => annulCall({ contract, tournament })
 * ```
 */
export function annulCall({ contract, tournament }: OfTournament): TournamentsCall {
  return tournamentsCall(contract, 'annul', [encodeTerms(tournament)])
}
