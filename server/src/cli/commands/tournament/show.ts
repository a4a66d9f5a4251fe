import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { nextSteps, prizesOfResult, type Prize, type RebuiltTournament } from '@sluice/sdk/tournament'
import { jsonAmount, showAmount } from '../../amounts.js'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { layoutPairs, layoutTable } from '../../table.js'
import { readBracketFile, withBracket, type BracketOptions } from '../../tournaments/bracketFile.js'
import {
  bracketLines,
  nextLines,
  statePairs,
  stateJson,
  termsJson,
  termsPairs,
} from '../../tournaments/describe.js'
import { chainSecond, openTournament, readEvents, type OpenedTournament } from '../../tournaments/open.js'
import { withTournament, type TournamentOptions } from '../../tournaments/options.js'

type ShowOptions = TournamentOptions & BracketOptions

/** `sluice tournament show` */
export function showCommand(io: Io): Command {
  return withBracket(
    withTournament(
      verb({
        name: 'show',
        summary: 'where it stands, who plays, and what can be done next by whom',
        examples: [['sluice tournament show', 'needs no key']],
      }),
    ),
  ).action(async (options: ShowOptions) => {
    await show(contextOf(io, options))
  })
}

async function show(context: Context<ShowOptions>): Promise<void> {
  const opened = await openTournament(context)
  const { actions, tournament, tournamentId, token } = opened
  const [state, now] = await Promise.all([actions.getTournament({ tournament }), chainSecond(opened)])
  const known = state.stage === 'none' ? undefined : await readEvents(opened)
  const file = await readBracketFile(context.io, context.options, tournamentId)
  const players = playersOf(known)
  context.output.result(
    {
      tournamentId,
      terms: termsJson(tournament, token),
      ...stateJson(state, token),
      now,
      people: players.map(({ prize, paid, refunded, ...player }) => ({
        ...player,
        ...(prize === undefined ? {} : { prize: jsonAmount(prize, token) }),
        paid: jsonAmount(paid, token),
        refunded: jsonAmount(refunded, token),
      })),
      sponsors: Object.entries(known?.sponsors ?? {}).map(([sponsor, amount]) => ({
        sponsor,
        amount: jsonAmount(amount, token),
      })),
      bracket: file?.bracket.rounds ?? null,
      next: nextSteps(tournament, state, now),
    },
    () =>
      [
        `tournament ${tournamentId}`,
        layoutPairs([...termsPairs(tournament, token), ...statePairs(tournament, state, token)]),
        ...(players.length === 0 ? [] : ['', peopleTable(players, opened)]),
        ...(file === undefined ? [] : ['', ...bracketLines(file.bracket)]),
        '',
        'next:',
        ...nextLines(tournament, state, now).map((line) => `  ${line}`),
      ].join('\n'),
  )
}

type PlayerRow = {
  readonly player: Address
  readonly rank: number | undefined
  readonly prize: bigint | undefined
  readonly paid: bigint
  readonly refunded: bigint
}

/** The best first, once there is a result. */
function playersOf(known: RebuiltTournament | undefined): readonly PlayerRow[] {
  if (known === undefined) return []
  const { result, players } = known
  const ranks = new Map(
    result?.players.map((player, index) => [player.toLowerCase(), result.ranks[index] ?? 0]),
  )
  const prizes = new Map(prizesOf(known).map(({ player, amount }) => [player.toLowerCase(), amount]))
  const rows = (Object.keys(players) as Address[]).map((player) => ({
    player,
    rank: ranks.get(player),
    prize: result === undefined || result.players.length === 0 ? undefined : (prizes.get(player) ?? 0n),
    paid: known.prizes[player] ?? 0n,
    refunded: known.refunds[player] ?? 0n,
  }))
  const place = ({ rank }: PlayerRow) => (rank === undefined || rank === 0 ? Number.MAX_SAFE_INTEGER : rank)
  return rows.sort((a, b) => place(a) - place(b) || (a.player < b.player ? -1 : 1))
}

/** What a ranking wins; of a root, only its host knows. */
function prizesOf(known: RebuiltTournament): readonly Prize[] {
  const { result } = known
  return result === undefined || result.players.length === 0 ? [] : prizesOfResult(known).prizes
}

function peopleTable(players: readonly PlayerRow[], { token }: OpenedTournament): string {
  return layoutTable(
    [
      { title: 'player' },
      { title: 'rank', align: 'right' },
      { title: 'prize', align: 'right' },
      { title: 'paid', align: 'right' },
      { title: 'refunded', align: 'right' },
    ],
    players.map(({ player, rank, prize, paid, refunded }) => [
      player,
      rank === undefined ? '' : rank === 0 ? 'absent' : String(rank),
      prize === undefined ? '' : showAmount(prize, token),
      paid === 0n ? '' : showAmount(paid, token),
      refunded === 0n ? '' : showAmount(refunded, token),
    ]),
  )
}
