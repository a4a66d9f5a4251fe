import { tournamentsCall, type OfTournament, type TournamentsCall, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { nativeValue } from './nativeValue.js'

/**
 * Builds the call that adds to the prizes. For anyone; with a signed payment the sponsor is who signed it, bound to
 * `sponsorPurpose`.
 *
 * @param parameters the contract, the terms, base units, and the payment of them
 *
 * @example
 * ```ts
 * import { sponsorCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const give = (contract: `0x${string}`, tournament: Tournament) =>
 *   sponsorCall({ contract, tournament, amount: 50_000_000n })
 * ```
 */
export function sponsorCall(parameters: sponsorCall.Parameters): TournamentsCall {
  const { contract, tournament, amount, payment = '0x' } = parameters
  const value = nativeValue(tournament, amount)
  return tournamentsCall(contract, 'sponsor', [encodeTerms(tournament), amount, payment], value)
}

export declare namespace sponsorCall {
  type Parameters = OfTournament & WithPayment & { readonly amount: bigint }
}
