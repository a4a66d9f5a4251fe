import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { invalidTournament } from './invalid.js'
import { basisPoints } from './limits.js'
import type { Placing, Prize, Tournament } from './types.js'

/** How the pot of a tournament is split. Base units. */
export type Pot = { readonly pool: bigint; readonly rake: bigint }

/**
 * Splits stakes and sponsor money into prizes and the host's rake, which is taken from the stakes alone.
 *
 * @param tournament its stake and rake
 * @param players who have joined
 * @param sponsored base units from sponsors
 *
 * @example
 * ```ts
 * import { splitPot } from '@sluice/sdk/tournament'
 *
 * const { pool, rake } = splitPot({ stake: 10_000_000n, rake: 500 }, 8, 20_000_000n)
 * console.log(pool, rake) // 96000000n 4000000n
 * ```
 */
export function splitPot(
  tournament: Pick<Tournament, 'stake' | 'rake'>,
  players: number,
  sponsored: bigint,
): Pot {
  const stakes = tournament.stake * BigInt(players)
  const rake = (stakes * BigInt(tournament.rake)) / BigInt(basisPoints)
  return { pool: stakes - rake + sponsored, rake }
}

/**
 * What each player of a ranking wins, exactly as the contract works it out: ties share what their places receive
 * together; what cannot be divided, and what belongs to places nobody holds, goes to the first of rank one.
 *
 * @param parameters the payout table, the prize pool in base units and every player's rank
 * @returns every player in ascending order of address, those who win nothing included
 * @throws SluiceError `invalid-argument` for ranks that are none
 *
 * @example
 * ```ts
 * import type { Address } from '@sluice/sdk'
 * import { prizesOf } from '@sluice/sdk/tournament'
 *
 * const prizes = (alice: Address, bob: Address, carol: Address) =>
 *   prizesOf({
 *     payouts: [7_000, 3_000],
 *     pool: 1_000n,
 *     placings: [
 *       { player: alice, rank: 1 },
 *       { player: bob, rank: 2 },
 *       { player: carol, rank: 0 }, // did not show up
 *     ],
 *   })
 * ```
 */
export function prizesOf(parameters: prizesOf.Parameters): prizesOf.ReturnType {
  const { payouts, pool } = parameters
  const placings = inOrder(parameters.placings)
  const shares = sharesOf(payouts, pool, placings)
  const prizes = placings.map(({ player, rank }) => ({ player, amount: shares.get(rank) ?? 0n }))
  const rest = pool - prizes.reduce((sum, { amount }) => sum + amount, 0n)
  const first = placings.findIndex(({ rank }) => rank === 1)
  return prizes.map((prize, index) => (index === first ? { ...prize, amount: prize.amount + rest } : prize))
}

export declare namespace prizesOf {
  type Parameters = {
    readonly payouts: readonly number[]
    readonly pool: bigint
    readonly placings: readonly Placing[]
  }
  type ReturnType = readonly Prize[]
  type ErrorType = SluiceError
}

/**
 * Players in the order in which the contract wants them listed.
 *
 * @param players each with its address
 * @throws SluiceError `invalid-argument` when one is listed twice
 */
export function inOrder<player extends { readonly player: Address }>(
  players: readonly player[],
): readonly player[] {
  const sorted = [...players].sort((a, b) => compareAddresses(a.player, b.player))
  const twice = sorted.find(({ player }, index) => {
    const next = sorted[index + 1]
    return next !== undefined && compareAddresses(player, next.player) === 0
  })
  if (twice !== undefined) throw invalidTournament('players', `${twice.player} twice`, 'each player once')
  return sorted
}

/**
 * Orders addresses as numbers, whatever their letters' case.
 *
 * @param a an address
 * @param b another
 */
export function compareAddresses(a: Address, b: Address): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()]
  return left === right ? 0 : left < right ? -1 : 1
}

/** What one holder of each rank gets. */
function sharesOf(
  payouts: readonly number[],
  pool: bigint,
  placings: readonly Placing[],
): ReadonlyMap<number, bigint> {
  const held = countRanks(placings)
  const ranked = placings.length - (held.get(0) ?? 0)
  if (ranked === 0) throw invalidTournament('ranking', 'nobody', 'at least one player who showed up')
  const shares = new Map<number, bigint>()
  for (let rank = 1; rank <= ranked;) {
    const tied = held.get(rank) ?? 0
    if (tied === 0) {
      throw invalidTournament(
        'ranking',
        `nobody on rank ${rank}`,
        'as many skipped ranks as a tie has places',
      )
    }
    const points = payouts.slice(rank - 1, rank - 1 + tied).reduce((sum, each) => sum + each, 0)
    shares.set(rank, (pool * BigInt(points)) / BigInt(basisPoints * tied))
    rank += tied
  }
  return shares
}

function countRanks(placings: readonly Placing[]): ReadonlyMap<number, number> {
  const held = new Map<number, number>()
  for (const { player, rank } of placings) {
    if (!Number.isInteger(rank) || rank < 0 || rank > placings.length) {
      throw invalidTournament(`rank of ${player}`, rank, `0 to ${placings.length}`)
    }
    held.set(rank, (held.get(rank) ?? 0) + 1)
  }
  return held
}
