import { tournamentsCall, type OfTournament, type TournamentsCall, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { nativeValue } from './nativeValue.js'

/**
 * Builds the call that opens a tournament with the host's bond. For the host, or for anyone with a payment of the host
 * that is bound to `createPurpose`.
 *
 * @param parameters the contract, the terms, and the payment of the bond
 *
 * @example
 * ```ts
 * import { createTournamentCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const open = (contract: `0x${string}`, tournament: Tournament) => createTournamentCall({ contract, tournament })
 * ```
 */
export function createTournamentCall(parameters: createTournamentCall.Parameters): TournamentsCall {
  const { contract, tournament, payment = '0x' } = parameters
  const value = nativeValue(tournament, tournament.bond)
  return tournamentsCall(contract, 'create', [encodeTerms(tournament), payment], value)
}

export declare namespace createTournamentCall {
  type Parameters = OfTournament & WithPayment
}
