import { tournamentsCall, type OfTournament, type TournamentsCall, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { nativeValue } from './nativeValue.js'

/**
 * Builds the call by which a player disputes the reported result within its window. With a signed payment the challenger
 * is who signed it, bound to `challengePurpose`.
 *
 * @param parameters the contract, the terms, and the payment of the challenge bond
 *
 * @example
 * ```ts
 * import { challengeCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const dispute = (contract: `0x${string}`, tournament: Tournament) => challengeCall({ contract, tournament })
 * ```
 */
export function challengeCall(parameters: challengeCall.Parameters): TournamentsCall {
  const { contract, tournament, payment = '0x' } = parameters
  const value = nativeValue(tournament, tournament.challengeBond)
  return tournamentsCall(contract, 'challenge', [encodeTerms(tournament), payment], value)
}

export declare namespace challengeCall {
  type Parameters = OfTournament & WithPayment
}
