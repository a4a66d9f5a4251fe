import { concat, keccak256, numberToHex } from 'viem'
import type { Address, Hex } from '../types.js'
import { invalidTournament } from './invalid.js'
import { compareAddresses } from './prizes.js'

/** A whole number from 0 up to, and not including, `limit`, every one equally likely. */
export type RandomSource = (limit: number) => number

/** Somebody's secret of a commit-reveal, once it is told. */
export type Reveal = { readonly by: Address; readonly secret: Hex }

/** Somebody's secret of a commit-reveal, while it is none of the others' business. */
export type Commitment = { readonly by: Address; readonly commitment: Hex }

/**
 * What to publish before the join deadline, so that a secret cannot be chosen later.
 *
 * @param secret 32 random bytes
 */
export function commitSeed(secret: Hex): Hex {
  requireWord(secret)
  return keccak256(secret)
}

/**
 * The seed that follows from everybody's secret and from who plays. As long as one of those who committed is honest,
 * nobody could foresee it. A host that commits alone could still try out whom to let in last: let players commit, too.
 *
 * @param parameters everybody's commitment and secret, and who joined
 * @returns 32 bytes, the same in whatever order things are listed
 * @throws SluiceError `invalid-argument` when a secret is missing or is not what was committed to
 *
 * @example
 * ```ts
 * import type { Address, Hex } from '@sluice/sdk'
 * import { commitSeed, randomFromSeed, revealSeed, shuffle } from '@sluice/sdk/tournament'
 *
 * function draw(host: Address, secret: Hex, players: readonly Address[]) {
 *   const commitments = [{ by: host, commitment: commitSeed(secret) }] // published before the join deadline
 *   const seed = revealSeed({ commitments, reveals: [{ by: host, secret }], players })
 *   return shuffle(players, randomFromSeed(seed))
 * }
 * ```
 */
export function revealSeed(parameters: revealSeed.Parameters): Hex {
  const { commitments, reveals, players } = parameters
  const secrets = [...commitments]
    .sort((a, b) => compareAddresses(a.by, b.by))
    .map(({ by, commitment }) => {
      const secret = reveals.find((reveal) => compareAddresses(reveal.by, by) === 0)?.secret
      if (secret === undefined) throw invalidTournament(`secret of ${by}`, 'none', `the one of ${commitment}`)
      const found = commitSeed(secret)
      if (found !== commitment.toLowerCase()) {
        throw invalidTournament(`secret of ${by}`, `one whose hash is ${found}`, `the one of ${commitment}`)
      }
      return secret
    })
  return keccak256(concat([...secrets, ...[...players].sort(compareAddresses)]))
}

export declare namespace revealSeed {
  type Parameters = {
    readonly commitments: readonly Commitment[]
    readonly reveals: readonly Reveal[]
    readonly players: readonly Address[]
  }
}

/**
 * A source of randomness that anyone can repeat from its seed: the hashes of the seed and a counter, 48 bits each, those
 * that would favour low numbers passed over.
 *
 * @param seed 32 bytes
 */
export function randomFromSeed(seed: Hex): RandomSource {
  requireWord(seed)
  const range = 2 ** 48
  let counter = 0n
  return (limit) => {
    const fair = range - (range % limit)
    for (;;) {
      const hash = keccak256(concat([seed, numberToHex(counter, { size: 32 })]))
      counter += 1n
      const value = Number.parseInt(hash.slice(2, 14), 16)
      if (value < fair) return value % limit
    }
  }
}

/**
 * Every order equally likely, drawn one after the other from whatever source of randomness is supplied.
 *
 * @param items what to shuffle; stays as it is
 * @param random the source, such as {@link randomFromSeed}
 */
export function shuffle<item>(items: readonly item[], random: RandomSource): readonly item[] {
  const left = [...items]
  const order: item[] = []
  while (left.length > 0) order.push(...left.splice(random(left.length), 1))
  return order
}

function requireWord(value: Hex): void {
  if (!/^0x[0-9a-f]{64}$/i.test(value))
    throw invalidTournament('secret or seed', 'something else', '32 bytes')
}
