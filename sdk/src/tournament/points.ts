import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { invalidTournament } from './invalid.js'
import type { Placing } from './types.js'

/** One game between two players, with what each scored. */
export type Game = {
  readonly home: Address
  readonly away: Address
  readonly homeScore: number
  readonly awayScore: number
}

/** Points for a win, a draw and a loss. */
export type PointsRule = { readonly win: number; readonly draw: number; readonly loss: number }

/**
 * What decides between players with equal points, in this order: the difference of scores, what they scored, the games
 * they won, and the points of the games among those who are still equal.
 */
export type TieBreak = 'difference' | 'scored' | 'wins' | 'head-to-head'

/** A row of a points table. */
export type Standing = Placing & {
  readonly points: number
  readonly played: number
  readonly wins: number
  readonly draws: number
  readonly losses: number
  readonly scored: number
  readonly conceded: number
}

/**
 * A points table from games played: best first. Players whom no tie-break tells apart share a rank; those named absent
 * are ranked 0 and last.
 *
 * @param parameters everybody who joined, the games, and the rules
 * @throws SluiceError `invalid-argument` for a game of somebody else, of a player against itself, or a score that is no
 * whole number from 0
 *
 * @example
 * ```ts
 * import type { Address } from '@sluice/sdk'
 * import { pointsTable } from '@sluice/sdk/tournament'
 *
 * const table = (alice: Address, bob: Address) =>
 *   pointsTable({
 *     players: [alice, bob],
 *     games: [{ home: alice, away: bob, homeScore: 2, awayScore: 2 }],
 *     tieBreaks: ['difference', 'scored'],
 *   })
 * ```
 */
export function pointsTable(parameters: pointsTable.Parameters): pointsTable.ReturnType {
  const { players, games, rule = { win: 3, draw: 1, loss: 0 }, absent = [] } = parameters
  const tieBreaks = parameters.tieBreaks ?? ['difference', 'scored', 'wins', 'head-to-head']
  const known = new Set(players.map(lower))
  for (const game of games) requireGame(game, known)
  const away = new Set(absent.map(lower))
  const rows = players.map((player) => countUp(player, games, rule))
  const present = rows.filter(({ player }) => !away.has(lower(player)))
  const groups = splitBy(present, ({ points }) => points).flatMap((tied) =>
    breakTies(tied, tieBreaks, games, rule),
  )
  const ranked = groups.flatMap((tied, index) => {
    const better = groups.slice(0, index).reduce((sum, group) => sum + group.length, 0)
    return tied.map((row) => ({ ...row, rank: 1 + better }))
  })
  const missing = rows.filter(({ player }) => away.has(lower(player))).map((row) => ({ ...row, rank: 0 }))
  return [...ranked, ...missing]
}

export declare namespace pointsTable {
  type Parameters = {
    readonly players: readonly Address[]
    readonly games: readonly Game[]
    /** Default 3, 1, 0. */
    readonly rule?: PointsRule | undefined
    /** Default: all of them, in the order of {@link TieBreak}. */
    readonly tieBreaks?: readonly TieBreak[] | undefined
    /** Who did not show up. */
    readonly absent?: readonly Address[] | undefined
  }
  type ReturnType = readonly Standing[]
  type ErrorType = SluiceError
}

/**
 * Who plays whom when everybody meets everybody once: rounds in which nobody plays twice. With an odd number one player
 * pauses in each round.
 *
 * @param players in any order
 */
export function roundRobin(players: readonly Address[]): readonly (readonly [Address, Address])[][] {
  const [first, ...others]: (Address | undefined)[] = [...players]
  if (players.length % 2 === 1) others.push(undefined)
  return others.map((_, round) => {
    // The first stands still, the others move on by one.
    const circle = [first, ...others.slice(round), ...others.slice(0, round)]
    const half = circle.slice(0, circle.length / 2)
    return half.flatMap((home, index): (readonly [Address, Address])[] => {
      const away = circle[circle.length - 1 - index]
      return home === undefined || away === undefined ? [] : [[home, away]]
    })
  })
}

type Row = Omit<Standing, 'rank'>

function countUp(player: Address, games: readonly Game[], rule: PointsRule): Row {
  const own = games.flatMap((game): (readonly [number, number])[] => {
    if (lower(game.home) === lower(player)) return [[game.homeScore, game.awayScore]]
    return lower(game.away) === lower(player) ? [[game.awayScore, game.homeScore]] : []
  })
  const wins = own.filter(([scored, conceded]) => scored > conceded).length
  const draws = own.filter(([scored, conceded]) => scored === conceded).length
  const losses = own.length - wins - draws
  return {
    player,
    points: wins * rule.win + draws * rule.draw + losses * rule.loss,
    played: own.length,
    wins,
    draws,
    losses,
    scored: own.reduce((sum, [scored]) => sum + scored, 0),
    conceded: own.reduce((sum, [, conceded]) => sum + conceded, 0),
  }
}

/** Rows that are still equal are split by one tie-break after the other; what none tells apart stays together. */
function breakTies(
  tied: readonly Row[],
  tieBreaks: readonly TieBreak[],
  games: readonly Game[],
  rule: PointsRule,
): readonly (readonly Row[])[] {
  const [tieBreak, ...others] = tieBreaks
  if (tied.length === 1 || tieBreak === undefined) return [tied]
  const group = new Set(tied.map(({ player }) => lower(player)))
  const among = games.filter(({ home, away }) => group.has(lower(home)) && group.has(lower(away)))
  const measures: Readonly<Record<TieBreak, (row: Row) => number>> = {
    difference: ({ scored, conceded }) => scored - conceded,
    scored: ({ scored }) => scored,
    wins: ({ wins }) => wins,
    'head-to-head': ({ player }) => countUp(player, among, rule).points,
  }
  return splitBy(tied, measures[tieBreak]).flatMap((part) => breakTies(part, others, games, rule))
}

/** Groups of equal measure, the highest first. */
function splitBy(rows: readonly Row[], measure: (row: Row) => number): readonly (readonly Row[])[] {
  const groups = new Map<number, Row[]>()
  for (const row of rows) groups.set(measure(row), [...(groups.get(measure(row)) ?? []), row])
  return [...groups].sort(([a], [b]) => b - a).map(([, group]) => group)
}

function requireGame({ home, away, homeScore, awayScore }: Game, known: ReadonlySet<string>): void {
  for (const player of [home, away]) {
    if (!known.has(lower(player))) throw invalidTournament('game', player, 'players of this tournament')
  }
  if (lower(home) === lower(away)) throw invalidTournament('game', `${home} against itself`, 'two players')
  for (const score of [homeScore, awayScore]) {
    if (!Number.isInteger(score) || score < 0)
      throw invalidTournament('score', score, 'a whole number from 0')
  }
}

function lower(address: Address): string {
  return address.toLowerCase()
}
