import { concat, encodeAbiParameters, keccak256 } from 'viem'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { invalidTournament } from './invalid.js'
import { maximumPot } from './limits.js'
import { inOrder } from './prizes.js'
import type { Prize, ProvenPrize } from './types.js'

/** Every prize of a result with its proof. */
export type PrizeTree = {
  /** What the contract keeps; zero when there is nothing to win. */
  readonly root: Hex
  /** Of all prizes, base units. */
  readonly total: bigint
  /** Prizes above zero, in ascending order of address. */
  readonly prizes: readonly ProvenPrize[]
}

const noRoot: Hex = `0x${'00'.repeat(32)}`

/**
 * The Merkle tree by which winners are paid, the same one that the contract builds from a ranking. A leaf is
 * `keccak256(keccak256(abi.encode(player, amount)))`; neighbours are paired layer by layer, the lower hash first, and
 * the last of an odd layer moves up as it is. Proofs are what OpenZeppelin's `MerkleProof` checks.
 *
 * @param prizes what each player wins, base units; those of zero have no leaf
 * @throws SluiceError `invalid-argument` when a player is named twice or an amount is negative or too large
 *
 * @example
 * ```ts
 * import { createPrizeTree, prizesOf, type Placing } from '@sluice/sdk/tournament'
 *
 * function winners(placings: readonly Placing[], pool: bigint) {
 *   const { root, prizes } = createPrizeTree(prizesOf({ payouts: [6_000, 4_000], pool, placings }))
 *   return { root, prizes }
 * }
 * ```
 */
export function createPrizeTree(prizes: readonly Prize[]): createPrizeTree.ReturnType {
  const winners = inOrder(prizes).filter(({ amount }) => amount !== 0n)
  for (const { player, amount } of winners) {
    if (amount < 0n || amount > maximumPot) {
      throw invalidTournament(`prize of ${player}`, amount, `0 to ${maximumPot}`)
    }
  }
  const layers = layersOver(winners.map(leafOf))
  return {
    root: layers.at(-1)?.[0] ?? noRoot,
    total: winners.reduce((sum, { amount }) => sum + amount, 0n),
    prizes: winners.map((prize, index) => ({ ...prize, proof: pathTo(layers, index) })),
  }
}

export declare namespace createPrizeTree {
  type ReturnType = PrizeTree
  type ErrorType = SluiceError
}

function leafOf({ player, amount }: Prize): Hex {
  return keccak256(
    keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [player, amount])),
  )
}

function layersOver(leaves: readonly Hex[]): readonly (readonly Hex[])[] {
  const layers: (readonly Hex[])[] = [leaves]
  for (let layer = leaves; layer.length > 1;) {
    layer = pairUp(layer)
    layers.push(layer)
  }
  return layers
}

function pairUp(layer: readonly Hex[]): readonly Hex[] {
  const parents: Hex[] = []
  for (let index = 0; index < layer.length; index += 2) {
    const [left, right] = layer.slice(index, index + 2)
    if (left === undefined) break
    parents.push(
      right === undefined ? left : keccak256(left < right ? concat([left, right]) : concat([right, left])),
    )
  }
  return parents
}

function pathTo(layers: readonly (readonly Hex[])[], leaf: number): readonly Hex[] {
  return layers.flatMap((layer, height) => {
    const sibling = layer[(leaf >> height) ^ 1]
    return sibling === undefined ? [] : [sibling]
  })
}
