import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { invalidTournament } from './invalid.js'
import { createPrizeTree, type PrizeTree } from './prizeTree.js'
import { prizesOf, splitPot } from './prizes.js'
import type { RebuiltTournament } from './rebuild.js'
import type { TournamentResult } from './result.js'
import type { Placing, Prize, ProvenPrize } from './types.js'

/**
 * Every prize of the result that stands, with its proof: of a ranking worked out anew, of a large field from the prizes
 * that its host published. Whatever the source, the root must be the one on the chain.
 *
 * @param known the tournament as its events tell it
 * @param published the host's list of prizes, for results that are a root
 * @throws SluiceError `invalid-argument` when there is no result yet, or the prizes are not those of the result
 *
 * @example
 * ```ts
 * import { prizesOfResult, type RebuiltTournament } from '@sluice/sdk/tournament'
 *
 * const winners = (known: RebuiltTournament) => prizesOfResult(known).prizes
 * ```
 */
export function prizesOfResult(known: RebuiltTournament, published?: readonly Prize[]): PrizeTree {
  const { result, root } = known
  if (result === undefined || root === undefined)
    throw invalidTournament('result', 'none', 'a reported result')
  const tree = createPrizeTree(result.players.length === 0 ? fromHost(published) : ranked(known, result))
  if (tree.root.toLowerCase() !== root.toLowerCase()) {
    throw invalidTournament('root of the prizes', tree.root, `${root}, which is on the chain`)
  }
  return tree
}

/**
 * The prizes that nobody paid or claimed yet.
 *
 * @param known the tournament as its events tell it
 * @param tree all of its prizes
 */
export function unpaidPrizes(
  { prizes }: Pick<RebuiltTournament, 'prizes'>,
  tree: Pick<PrizeTree, 'prizes'>,
): readonly ProvenPrize[] {
  return tree.prizes.filter(({ player }) => prizes[player.toLowerCase() as Address] === undefined)
}

/**
 * Players and sponsors who get something back and did not yet.
 *
 * @param known the tournament as its events tell it
 */
export function refundable(known: RebuiltTournament): readonly Address[] {
  const { stage, players, sponsors, prizes, refunds, share = 0n } = known
  if (stage !== 'refunding' && stage !== 'abandoned') return []
  const waiting =
    share === 0n ? [] : (Object.keys(players) as Address[]).filter((player) => prizes[player] === undefined)
  const gave = stage === 'refunding' ? (Object.keys(sponsors) as Address[]) : []
  return [...new Set([...waiting, ...gave])].filter((account) => refunds[account] === undefined).sort()
}

function ranked(known: RebuiltTournament, { players, ranks }: TournamentResult): readonly Prize[] {
  const { tournament, sponsors } = known
  const sponsored = Object.values(sponsors).reduce((sum, amount) => sum + amount, 0n)
  const placings = players.map((player, index): Placing => ({ player, rank: ranks[index] ?? 0 }))
  const { pool } = splitPot(tournament, players.length, sponsored)
  return prizesOf({ payouts: tournament.payouts, pool, placings })
}

function fromHost(published: readonly Prize[] | undefined): readonly Prize[] {
  if (published !== undefined) return published
  throw invalidTournament(
    'prizes',
    'none',
    'the list that the host published, as the result is only its root',
  )
}

export declare namespace prizesOfResult {
  type ReturnType = PrizeTree
  type ErrorType = SluiceError
}
