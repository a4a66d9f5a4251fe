import type { Address, Hex } from '../types.js'
import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'
import { inOrder } from './prizes.js'

/** A player's agreement to the reported result: its signature of `confirmationTypedData`. */
export type Confirmation = { readonly player: Address; readonly signature: Hex }

/**
 * Builds the call that makes a reported result final at once. For anyone who has the signatures of all players.
 *
 * @param parameters the contract, the terms, and every player's signature, in any order
 * @throws SluiceError `invalid-argument` when a player is named twice
 *
 * @example
 * ```ts
 * import { confirmCall, type Confirmation, type Tournament } from '@sluice/sdk/tournament'
 *
 * const agree = (contract: `0x${string}`, tournament: Tournament, confirmations: readonly Confirmation[]) =>
 *   confirmCall({ contract, tournament, confirmations })
 * ```
 */
export function confirmCall(parameters: confirmCall.Parameters): TournamentsCall {
  const { contract, tournament } = parameters
  const ordered = inOrder(parameters.confirmations)
  const players = ordered.map(({ player }) => player)
  const signatures = ordered.map(({ signature }) => signature)
  return tournamentsCall(contract, 'confirm', [encodeTerms(tournament), players, signatures])
}

export declare namespace confirmCall {
  type Parameters = OfTournament & { readonly confirmations: readonly Confirmation[] }
}
