import { concat, keccak256, type Client } from 'viem'
import { getBlock } from 'viem/actions'
import type { Address, Hex } from '@sluice/sdk'
import { randomFromSeed, shuffle } from '@sluice/sdk/tournament'
import { failure } from '../exit.js'
import { showMoment } from '../amounts.js'

/** What a draw follows from, so that anyone can repeat it. */
export type Draw = { readonly block: bigint; readonly seed: Hex; readonly seeds: readonly Address[] }

/**
 * Draws the order of the players by the hash of the first block from the join deadline on: nobody knows it while players
 * can still join, and everybody who draws gets the same.
 *
 * @param client reads the chain
 * @param parameters the tournament's id, its join deadline and who plays
 * @throws CommandError exit code 1 before the join deadline
 */
export async function drawSeeds(
  client: Client,
  parameters: {
    readonly tournamentId: Hex
    readonly joinDeadline: number
    readonly players: readonly Address[]
  },
): Promise<Draw> {
  const { tournamentId, joinDeadline, players } = parameters
  const { number, hash } = await firstBlockFrom(client, joinDeadline)
  const seed = keccak256(concat([hash, tournamentId]))
  const inOrder = players.map((player) => player.toLowerCase() as Address).sort()
  return { block: number, seed, seeds: shuffle(inOrder, randomFromSeed(seed)) }
}

/** The first block whose time is this second or later, found by halving. */
async function firstBlockFrom(
  client: Client,
  second: number,
): Promise<{ readonly number: bigint; readonly hash: Hex }> {
  let found = await getBlock(client)
  if (Number(found.timestamp) < second) {
    throw failure(
      `The newest block is of ${showMoment(Number(found.timestamp))}; players can join until ${showMoment(second)}.`,
      'Draw when nobody can join any more.',
    )
  }
  let before = -1n
  while (found.number - before > 1n) {
    const middle = await getBlock(client, { blockNumber: (before + found.number) / 2n })
    if (Number(middle.timestamp) < second) before = middle.number
    else found = middle
  }
  return found
}
