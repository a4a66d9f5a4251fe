import {
  bracketPlacings,
  buildResult,
  type BuiltResult,
  type Placing,
  type Prize,
  type RebuiltTournament,
} from '@sluice/sdk/tournament'
import type { Address } from '@sluice/sdk'
import { addressText } from '../command.js'
import type { Io } from '../io.js'
import { openPrompts } from '../prompts.js'
import { usageError } from '../exit.js'
import { openMatches, readBracketFile, type BracketOptions } from './bracketFile.js'
import { readPrizes, readRanking } from './lists.js'
import type { OpenedTournament } from './open.js'

/** Where a result comes from. */
export type OutcomeOptions = BracketOptions & {
  readonly ranking?: string
  readonly prizes?: string
  readonly order?: readonly Address[]
  readonly absent?: readonly Address[]
}

/** What happened: everybody's rank, or everybody's prize. */
type Outcome =
  | { readonly placings: readonly Placing[]; readonly prizes?: undefined }
  | { readonly prizes: readonly Prize[]; readonly placings?: undefined }

/**
 * The result that the flags name: a file of ranks or prizes, players in their order, or the bracket once it is played.
 * Asks when there is none of these.
 *
 * @param io files and the terminal
 * @param options where it comes from
 * @param opened the tournament
 * @param known who plays, and what sponsors gave
 * @throws CommandError exit code 2 when nothing says who won and nobody can be asked
 */
export async function outcomeOf(
  io: Io,
  options: OutcomeOptions,
  opened: OpenedTournament,
  known: RebuiltTournament,
): Promise<BuiltResult> {
  const players = Object.keys(known.players) as Address[]
  const sponsored = Object.values(known.sponsors).reduce((sum, amount) => sum + amount, 0n)
  const outcome = await readOutcome(io, options, opened, players)
  return buildResult({ tournament: known.tournament, players: players.length, sponsored, ...outcome })
}

async function readOutcome(
  io: Io,
  options: OutcomeOptions,
  opened: OpenedTournament,
  players: readonly Address[],
): Promise<Outcome> {
  const { ranking, prizes, order, absent = [] } = options
  if (ranking !== undefined) return { placings: await readRanking(io, ranking) }
  if (prizes !== undefined) return { prizes: await readPrizes(io, prizes, opened.token) }
  if (order !== undefined) return { placings: placingsOf(order, players) }
  const file = await readBracketFile(io, options, opened.tournamentId)
  if (file !== undefined) {
    const [open] = openMatches(file.bracket)
    if (open !== undefined) {
      throw usageError(
        `The match of ${open.sides.join(' and ')} is not decided.`,
        'Record who won with "sluice tournament win", or name a file with --ranking.',
      )
    }
    return { placings: bracketPlacings(file.bracket, absent) }
  }
  return { placings: placingsOf(await askOrder(io, players), players) }
}

/** Ranked in this order; whoever is not named did not show up. */
function placingsOf(order: readonly Address[], players: readonly Address[]): readonly Placing[] {
  const lower = order.map((player) => player.toLowerCase())
  const strangers = order.filter((player) => !players.includes(player.toLowerCase() as Address))
  if (strangers.length > 0) throw usageError(`${strangers.join(', ')} did not join.`)
  return players.map((player) => ({ player, rank: lower.indexOf(player) + 1 }))
}

async function askOrder(io: Io, players: readonly Address[]): Promise<readonly Address[]> {
  const prompts = await openPrompts(io)
  if (prompts === undefined) {
    throw usageError(
      'Nothing says who came where.',
      'Add --order, --ranking <file> or --prizes <file>, or play a bracket ("sluice tournament draw").',
    )
  }
  const order: Address[] = []
  while (order.length < players.length) {
    const left = players.filter((player) => !order.includes(player))
    const nobody = { value: '', label: order.length === 0 ? 'stop' : 'nobody else showed up' }
    const options = [...left.map((player) => ({ value: player, label: player })), nobody]
    const chosen = await prompts.choose(`Who came in ${String(order.length + 1)}.?`, options)
    if (chosen === '') break
    order.push(addressText(chosen))
  }
  return order
}
