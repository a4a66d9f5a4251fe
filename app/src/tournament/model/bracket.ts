import type { Address } from '@sluice/sdk'
import {
  createBracket,
  recordWinner,
  type Bracket,
  type Placing,
  type TournamentResult,
} from '@sluice/sdk/tournament'

/** Who won one match; round and match are counted from 0. */
export type Decision = { readonly round: number; readonly match: number; readonly winner: Address }

/**
 * The bracket after some matches. Decisions that fit no more, because an earlier one was changed, are passed over.
 *
 * @param drawn the players in the order of the draw
 * @param decisions in the order in which they were made
 */
export function bracketAfter(drawn: readonly Address[], decisions: readonly Decision[]): Bracket {
  return decisions.reduce((bracket, decision) => {
    const match = bracket.rounds[decision.round]?.[decision.match]
    const fits = match?.sides.some((side) => sameSide(side, decision.winner)) === true
    const isKnown = fits && !match.sides.includes(undefined) && !match.sides.includes('bye')
    return isKnown ? recordWinner(bracket, decision) : bracket
  }, createBracket(drawn))
}

/** Whether every match is decided. */
export function isDecided(bracket: Bracket): boolean {
  return bracket.rounds.every((round) => round.every(({ winner }) => winner !== undefined))
}

/**
 * The bracket that a reported ranking tells: in each match the better rank won. Undefined when it does not tell that,
 * because both are on the same rank.
 *
 * @param drawn the players in the order of the draw
 * @param placings everybody's rank
 */
export function bracketOfRanking(
  drawn: readonly Address[],
  placings: readonly Placing[],
): Bracket | undefined {
  const ranks = new Map(placings.map(({ player, rank }) => [player.toLowerCase(), rank]))
  const rankOf = (side: Address): number => ranks.get(side.toLowerCase()) || Infinity
  let bracket = createBracket(drawn)
  for (const [round, { length }] of bracket.rounds.entries()) {
    for (let match = 0; match < length; match += 1) {
      const { sides, winner } = bracket.rounds[round]?.[match] ?? { sides: [], winner: undefined }
      if (winner !== undefined) continue
      const [a, b] = sides
      if (a === undefined || b === undefined || a === 'bye' || b === 'bye') return undefined
      if (rankOf(a) === rankOf(b)) return undefined
      bracket = recordWinner(bracket, { round, match, winner: rankOf(a) < rankOf(b) ? a : b })
    }
  }
  return bracket
}

/** Everybody's rank in a result that is a ranking. */
export function placingsOf({ players, ranks }: TournamentResult): readonly Placing[] {
  return players.map((player, index) => ({ player, rank: ranks[index] ?? 0 }))
}

function sameSide(side: Address | 'bye' | undefined, player: Address): boolean {
  return side?.toLowerCase() === player.toLowerCase()
}
