import type { Address, Hex } from '@sluice/sdk'
import { randomFromSeed, shuffle } from '@sluice/sdk/tournament'
import { concat, keccak256, type Client } from 'viem'
import { getBlock } from 'viem/actions'

/**
 * Draws the order of the players by the hash of the first block from the join deadline on, as `sluice tournament draw`
 * does: nobody knows it while players can still join, and everybody who draws gets the same.
 *
 * @param client reads the chain
 * @param parameters the tournament's id, its join deadline and who plays
 * @returns undefined before the deadline
 */
export async function drawPlayers(
  client: Client,
  parameters: {
    readonly id: Hex
    readonly joinDeadline: number
    readonly players: readonly Address[]
  },
): Promise<readonly Address[] | undefined> {
  const { id, joinDeadline, players } = parameters
  let found = await getBlock(client)
  if (Number(found.timestamp) < joinDeadline) return undefined
  let before = -1n
  while (found.number - before > 1n) {
    const middle = await getBlock(client, { blockNumber: (before + found.number) / 2n })
    if (Number(middle.timestamp) < joinDeadline) before = middle.number
    else found = middle
  }
  const inOrder = players.map((player) => player.toLowerCase() as Address).sort()
  return shuffle(inOrder, randomFromSeed(keccak256(concat([found.hash, id]))))
}
