import { tournamentsCall, type OfTournament, type TournamentsCall } from './call.js'
import { encodeTerms } from './encoding.js'
import type { ProvenPrize } from './types.js'

/** Winners that one transaction pays when nobody says; a batch of them stays well below what a block holds. */
export const defaultBatch = 50

/**
 * Builds the call that pays winners. For anyone, who is rewarded out of the rake; whoever was paid before is skipped.
 *
 * @param parameters the contract, the terms, and prizes with their proofs: `createPrizeTree` or `buildResult`
 *
 * @example
 * ```ts
 * import { payManyCall, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const pay = (contract: `0x${string}`, tournament: Tournament, { prizes }: BuiltResult) =>
 *   payManyCall({ contract, tournament, prizes })
 * ```
 */
export function payManyCall(parameters: payManyCall.Parameters): TournamentsCall {
  const { contract, tournament, prizes } = parameters
  return tournamentsCall(contract, 'payMany', [encodeTerms(tournament), prizes])
}

export declare namespace payManyCall {
  type Parameters = OfTournament & { readonly prizes: readonly ProvenPrize[] }
}

/**
 * Builds the calls that pay any number of winners: one for each batch.
 *
 * @param parameters the contract, the terms, the prizes, and how many go into one call at most (default 50)
 *
 * @example
 * ```ts
 * import { payManyCalls, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const payloads = (contract: `0x${string}`, tournament: Tournament, { prizes }: BuiltResult) =>
 *   payManyCalls({ contract, tournament, prizes }).map(({ data }) => data)
 * ```
 */
export function payManyCalls(parameters: payManyCalls.Parameters): readonly TournamentsCall[] {
  const { contract, tournament, prizes, batch = defaultBatch } = parameters
  return inBatches(prizes, batch).map((part) => payManyCall({ contract, tournament, prizes: part }))
}

export declare namespace payManyCalls {
  type Parameters = payManyCall.Parameters & { readonly batch?: number | undefined }
}

/**
 * Cuts a list into pieces.
 *
 * @param items what to cut
 * @param size of each piece but the last
 */
export function inBatches<item>(items: readonly item[], size: number): readonly (readonly item[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}
