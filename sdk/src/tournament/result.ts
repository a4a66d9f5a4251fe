import type { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import { invalidTournament } from './invalid.js'
import { rankedField } from './limits.js'
import { createPrizeTree, type PrizeTree } from './prizeTree.js'
import { inOrder, prizesOf, splitPot } from './prizes.js'
import type { Placing, Prize, Tournament } from './types.js'

/** A result as the contract takes it: players with their ranks, or the root and total of prizes. */
export type TournamentResult = {
  readonly players: readonly Address[]
  readonly ranks: readonly number[]
  readonly root: Hex
  readonly total: bigint
}

/** A result, and the prizes that follow from it. */
export type BuiltResult = PrizeTree & { readonly result: TournamentResult }

/**
 * Turns what happened into what is reported and what is paid. A ranking is passed on as it is, for the contract to work
 * the prizes out; prizes worked out elsewhere, which only fields of more than 64 players may have, as the root of their
 * tree. Publish the prizes then: players can neither check nor claim what they cannot see.
 *
 * @param parameters the terms, who joined, what sponsors gave, and either every player's rank or every prize
 * @throws SluiceError `invalid-argument` when the contract would refuse the result
 *
 * @example
 * ```ts
 * import { buildResult, type Placing, type Tournament } from '@sluice/sdk/tournament'
 *
 * function report(tournament: Tournament, placings: readonly Placing[]) {
 *   const { result, prizes } = buildResult({ tournament, players: placings.length, sponsored: 0n, placings })
 *   return { result, prizes }
 * }
 * ```
 */
export function buildResult(parameters: buildResult.Parameters): buildResult.ReturnType {
  const { tournament, players, sponsored } = parameters
  const { pool } = splitPot(tournament, players, sponsored)
  if (parameters.placings !== undefined) {
    const placings = inOrder(parameters.placings)
    if (placings.length !== players) {
      throw invalidTournament('ranking', `${placings.length} players`, `all ${players} who joined`)
    }
    const tree = createPrizeTree(prizesOf({ payouts: tournament.payouts, pool, placings }))
    const listed = { players: placings.map(({ player }) => player), ranks: placings.map(({ rank }) => rank) }
    return { ...tree, result: { ...listed, root: `0x${'00'.repeat(32)}`, total: 0n } }
  }
  if (players <= rankedField) {
    throw invalidTournament(
      'result',
      `prizes for ${players} players`,
      `a ranking up to ${rankedField} players`,
    )
  }
  const tree = createPrizeTree(parameters.prizes)
  if (tree.total !== pool) {
    throw invalidTournament('prizes', `${tree.total} in all`, `the whole prize pool of ${pool}`)
  }
  return { ...tree, result: { players: [], ranks: [], root: tree.root, total: tree.total } }
}

export declare namespace buildResult {
  type Outcome =
    | { readonly placings: readonly Placing[]; readonly prizes?: undefined }
    | { readonly prizes: readonly Prize[]; readonly placings?: undefined }
  type Parameters = Outcome & {
    readonly tournament: Pick<Tournament, 'stake' | 'rake' | 'payouts'>
    /** Who joined, shown up or not. */
    readonly players: number
    /** Base units from sponsors. */
    readonly sponsored: bigint
  }
  type ReturnType = BuiltResult
  type ErrorType = SluiceError
}
