import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { invalidTournament } from './invalid.js'
import type { Placing } from './types.js'

/** A side of a match: a player, a bye, or whoever wins an earlier match and is not known yet. */
export type Side = Address | 'bye' | undefined

/** One match. Byes are decided from the start. */
export type Match = {
  readonly sides: readonly [Side, Side]
  readonly winner: Address | undefined
}

/** A single-elimination bracket: rounds of matches, the final last. Match m of a round feeds match m/2 of the next. */
export type Bracket = { readonly rounds: readonly (readonly Match[])[] }

/**
 * Sets up a single-elimination bracket. The first of the list is seeded best: it meets the second in the final at the
 * earliest, and the best of the list have the byes when players do not fill a power of two.
 *
 * @param players in the order of their seeding, such as a shuffled list
 * @throws SluiceError `invalid-argument` for fewer than two players, or one twice
 *
 * @example
 * ```ts
 * import type { Address } from '@sluice/sdk'
 * import { bracketPlacings, createBracket, recordWinner } from '@sluice/sdk/tournament'
 *
 * function final(alice: Address, bob: Address) {
 *   const bracket = recordWinner(createBracket([alice, bob]), { round: 0, match: 0, winner: bob })
 *   return bracketPlacings(bracket) // bob 1, alice 2
 * }
 * ```
 */
export function createBracket(players: readonly Address[]): createBracket.ReturnType {
  if (players.length < 2) throw invalidTournament('bracket', `${players.length} players`, 'two or more')
  const known = new Set(players.map((player) => player.toLowerCase()))
  if (known.size !== players.length) {
    throw invalidTournament('bracket', `${players.length - known.size} players twice`, 'each player once')
  }
  const order = seedOrder(players.length)
  const first: Match[] = []
  for (let index = 0; index < order.length; index += 2) {
    const [better, worse] = order.slice(index, index + 2).map((seed): Side => players[seed] ?? 'bye')
    first.push(matchOf(better, worse))
  }
  const rounds: (readonly Match[])[] = [first]
  for (let round = rounds[0] ?? []; round.length > 1;) {
    round = nextRound(round, [])
    rounds.push(round)
  }
  return { rounds }
}

export declare namespace createBracket {
  type ReturnType = Bracket
  type ErrorType = SluiceError
}

/**
 * The bracket after a match was decided. What was decided later and no longer fits is open again, so that a mistake can
 * be put right.
 *
 * @param bracket stays as it is
 * @param decision the round and the match, both counted from 0, and who won
 * @throws SluiceError `invalid-argument` when there is no such match, or the winner does not play in it
 */
export function recordWinner(bracket: Bracket, decision: recordWinner.Parameters): Bracket {
  const { round, match, winner } = decision
  const decided = bracket.rounds[round]?.[match]
  const place = `match ${match} of round ${round}`
  if (decided === undefined) throw invalidTournament('match', place, 'one of this bracket')
  if (decided.sides.includes('bye')) throw invalidTournament(place, 'a bye', 'a match that is played')
  const side = decided.sides.find((each) => isPlayer(each) && sameAddress(each, winner))
  if (!isPlayer(side) || decided.sides.includes(undefined)) {
    throw invalidTournament(`winner of ${place}`, winner, `one of ${decided.sides.join(' and ')}`)
  }
  const rounds = bracket.rounds.slice(0, round)
  const changed = (bracket.rounds[round] ?? []).map((each, index) =>
    index === match ? { ...each, winner: side } : each,
  )
  rounds.push(changed)
  for (const later of bracket.rounds.slice(round + 1)) rounds.push(nextRound(rounds.at(-1) ?? [], later))
  return { rounds }
}

export declare namespace recordWinner {
  type Parameters = { readonly round: number; readonly match: number; readonly winner: Address }
  type ErrorType = SluiceError
}

/**
 * Every player's rank: the winner 1, the loser of the final 2, and those who lost in the same round tie, 3 for the
 * semi-finals, 5 for the quarter-finals. Players named absent are ranked 0, and those behind them move up.
 *
 * @param bracket every match of it decided
 * @param absent who did not show up
 * @throws SluiceError `invalid-argument` while a match is open
 */
export function bracketPlacings(bracket: Bracket, absent: readonly Address[] = []): readonly Placing[] {
  const lostIn = new Map<Address, number>()
  for (const [round, matches] of bracket.rounds.entries()) {
    for (const [match, { sides, winner }] of matches.entries()) {
      if (winner === undefined)
        throw invalidTournament('bracket', `match ${match} of round ${round} open`, 'all decided')
      for (const side of sides)
        if (isPlayer(side)) lostIn.set(side, sameAddress(side, winner) ? round + 1 : round)
    }
  }
  const isAbsent = (player: Address) => absent.some((each) => sameAddress(each, player))
  const present = [...lostIn].filter(([player]) => !isAbsent(player))
  return [...lostIn].map(([player, round]) => ({
    player,
    rank: isAbsent(player) ? 0 : 1 + present.filter(([, other]) => other > round).length,
  }))
}

/** Seeds in the order of the first round: each pair adds up to the same, and the best two are in different halves. */
function seedOrder(players: number): readonly number[] {
  let order = [0]
  while (order.length < players) {
    const size = order.length * 2
    order = order.flatMap((seed) => [seed, size - 1 - seed])
  }
  return order
}

function nextRound(round: readonly Match[], before: readonly Match[]): readonly Match[] {
  const next: Match[] = []
  for (let index = 0; index < round.length; index += 2) {
    const match = matchOf(round[index]?.winner, round[index + 1]?.winner)
    const earlier = before[index / 2]?.winner
    const stands = earlier !== undefined && match.sides.includes(earlier) && !match.sides.includes(undefined)
    next.push(stands ? { ...match, winner: earlier } : match)
  }
  return next
}

/** Only the first round has byes, and never two of them in one match. */
function matchOf(a: Side, b: Side): Match {
  const winner = a === 'bye' ? b : b === 'bye' ? a : undefined
  return { sides: [a, b], winner: isPlayer(winner) ? winner : undefined }
}

function isPlayer(side: Side): side is Address {
  return side !== undefined && side !== 'bye'
}

function sameAddress(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
