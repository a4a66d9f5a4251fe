import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'

/**
 * Builds the call that sends players and sponsors what they get back after a cancellation. For anyone; whoever has
 * nothing to get is skipped.
 *
 * @param parameters the contract, the terms and the accounts
 *
 * @example
 * ```ts
 * import { refundCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const giveBack = (contract: `0x${string}`, tournament: Tournament, accounts: readonly `0x${string}`[]) =>
 *   refundCall({ contract, tournament, accounts })
 * ```
 */
export function refundCall(parameters: refundCall.Parameters): TournamentsCall {
  const { contract, tournament, accounts } = parameters
  return tournamentsCall(contract, 'refund', [encodeTerms(tournament), accounts])
}

export declare namespace refundCall {
  type Parameters = OfTournament & { readonly accounts: readonly Address[] }
}
