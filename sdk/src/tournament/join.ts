import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament, type TournamentsCall, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { nativeValue } from './nativeValue.js'

/**
 * Builds the call that enters a player with its stake. For anyone who pays; a signed payment is bound to `joinPurpose`,
 * so that whoever submits it can enter nobody else.
 *
 * @param parameters the contract, the terms, the player, and the payment of the stake
 *
 * @example
 * ```ts
 * import { joinCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const enter = (contract: `0x${string}`, tournament: Tournament, player: `0x${string}`) =>
 *   joinCall({ contract, tournament, player })
 * ```
 */
export function joinCall(parameters: joinCall.Parameters): TournamentsCall {
  const { contract, tournament, player, payment = '0x' } = parameters
  const value = nativeValue(tournament, tournament.stake)
  return tournamentsCall(contract, 'join', [encodeTerms(tournament), player, payment], value)
}

export declare namespace joinCall {
  type Parameters = OfTournament & WithPayment & { readonly player: Address }
}
