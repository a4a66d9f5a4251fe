import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'
import type { ProvenPrize } from './types.js'

/**
 * Builds the call by which a winner takes its own prize to a destination of its choice, when nobody paid it yet.
 *
 * @param parameters the contract, the terms, the caller's prize with its proof, and to whom
 *
 * @example
 * ```ts
 * import { claimPrizeCall, type ProvenPrize, type Tournament } from '@sluice/sdk/tournament'
 *
 * const take = (contract: `0x${string}`, tournament: Tournament, prize: ProvenPrize, to: `0x${string}`) =>
 *   claimPrizeCall({ contract, tournament, prize, to })
 * ```
 */
export function claimPrizeCall(parameters: claimPrizeCall.Parameters): TournamentsCall {
  const { contract, tournament, prize, to } = parameters
  return tournamentsCall(contract, 'claim', [encodeTerms(tournament), prize.amount, prize.proof, to])
}

export declare namespace claimPrizeCall {
  type Parameters = OfTournament & {
    readonly prize: Pick<ProvenPrize, 'amount' | 'proof'>
    readonly to: Address
  }
}
