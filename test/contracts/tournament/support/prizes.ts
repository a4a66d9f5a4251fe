import { AbiCoder, concat, getBytes, keccak256, ZeroHash } from 'ethers'
import type { Result } from './terms.js'

/** One prize as `payMany` takes it. */
export type PrizeItem = { player: string; amount: bigint; proof: string[] }

/** The tree of a result's prizes. */
export type PrizeTree = { root: string; prizes: PrizeItem[] }

/**
 * What a ranking gives each player, worked out from the page rather than from the contract: the places of a tie are
 * added up and shared, the rest goes to the first of the best.
 */
export function amountsOf(payouts: string, pool: bigint, ranks: readonly number[]): bigint[] {
  const table = getBytes(payouts)
  const pointsOf = (place: number) => BigInt(((table[2 * place - 2] ?? 0) << 8) | (table[2 * place - 1] ?? 0))
  const amounts = ranks.map((rank) => {
    if (rank === 0) return 0n
    const tied = ranks.filter((other) => other === rank).length
    let points = 0n
    for (let place = rank; place < rank + tied; ++place) points += pointsOf(place)
    return (pool * points) / (10_000n * BigInt(tied))
  })
  const first = ranks.indexOf(1)
  const rest = pool - amounts.reduce((sum, amount) => sum + amount, 0n)
  amounts[first] = (amounts[first] ?? 0n) + rest
  return amounts
}

/** The tree over these prizes, in this order; prizes of zero have no leaf. */
export function treeOf(players: readonly string[], amounts: readonly bigint[]): PrizeTree {
  const prizes = players.map((player, index) => ({ player, amount: amounts[index] ?? 0n }))
  return treeOver(prizes.filter(({ amount }) => amount !== 0n))
}

/** The tree that only a host makes who gives prizes of zero leaves too. */
export function treeWithZeros(players: readonly string[], amounts: readonly bigint[]): PrizeTree {
  return treeOver(players.map((player, index) => ({ player, amount: amounts[index] ?? 0n })))
}

function treeOver(prizes: readonly Omit<PrizeItem, 'proof'>[]): PrizeTree {
  let layer = prizes.map(({ player, amount }) => leafOf(player, amount))
  if (layer.length === 0) return { root: ZeroHash, prizes: [] }
  const proofs = layer.map((): string[] => [])
  // Where each prize's node stands in the layer.
  const places = layer.map((_, index) => index)
  while (layer.length > 1) {
    for (const [prize, place] of places.entries()) {
      const sibling = layer[place ^ 1]
      if (sibling !== undefined) proofs[prize]?.push(sibling)
      places[prize] = place >> 1
    }
    const next: string[] = []
    for (let index = 0; index < layer.length; index += 2) {
      const [left = '', right] = layer.slice(index, index + 2)
      next.push(right === undefined ? left : pairOf(left, right))
    }
    layer = next
  }
  return {
    root: layer[0] ?? ZeroHash,
    prizes: prizes.map((prize, index) => ({ ...prize, proof: proofs[index] ?? [] })),
  }
}

/** The tree of a ranking. */
export function treeOfRanking(payouts: string, pool: bigint, result: Result): PrizeTree {
  return treeOf(result.players, amountsOf(payouts, pool, result.ranks))
}

function leafOf(player: string, amount: bigint): string {
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'uint256'], [player, amount])))
}

function pairOf(a: string, b: string): string {
  return keccak256(a < b ? concat([a, b]) : concat([b, a]))
}
