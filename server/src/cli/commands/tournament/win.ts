import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { recordWinner } from '@sluice/sdk/tournament'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import { usageError } from '../../exit.js'
import type { Io } from '../../io.js'
import { openPrompts } from '../../prompts.js'
import {
  openMatches,
  readBracketFile,
  withBracket,
  type BracketOptions,
  writeBracketFile,
  type OpenMatch,
} from '../../tournaments/bracketFile.js'
import { bracketLines } from '../../tournaments/describe.js'
import { openTournament } from '../../tournaments/open.js'
import { withTournament, type TournamentOptions } from '../../tournaments/options.js'

type WinOptions = TournamentOptions & BracketOptions

/** `sluice tournament win` */
export function winCommand(io: Io): Command {
  return withBracket(
    withTournament(
      verb({
        name: 'win',
        summary: 'record who won a match of the bracket',
        description: 'Records the winner of the match that a player plays now. Nothing is sent.',
        examples: [
          ['sluice tournament win', 'asks'],
          ['sluice tournament win 0x…', 'this player won its match'],
        ],
      }),
    ),
  )
    .argument('[player]', 'who won', addressText)
    .action(async (player: Address | undefined, options: WinOptions) => {
      await win(contextOf(io, options), player)
    })
}

async function win(context: Context<WinOptions>, named: Address | undefined): Promise<void> {
  const { io, output, options } = context
  const { tournamentId } = await openTournament(context)
  const file = await readBracketFile(io, options, tournamentId)
  if (file === undefined) throw usageError('There is no bracket.', 'Draw one with "sluice tournament draw".')
  const open = openMatches(file.bracket)
  if (open.length === 0)
    throw usageError('Every match is decided.', 'Report with "sluice tournament report".')
  const winner = named ?? (await askWinner(io, open))
  const played = open.find(({ sides }) => sides.includes(winner))
  if (played === undefined) {
    throw usageError(
      `${winner} has no match to play now.`,
      `Can be played: ${open.map(({ sides }) => sides.join(' and ')).join('; ')}.`,
    )
  }
  const { round, match } = played
  const bracket = recordWinner(file.bracket, { round, match, winner })
  await writeBracketFile(io, options, { ...file, bracket }, true)
  output.result({ winner, round, match, rounds: bracket.rounds }, () => bracketLines(bracket).join('\n'))
}

async function askWinner(io: Io, open: readonly OpenMatch[]): Promise<Address> {
  const prompts = await openPrompts(io)
  if (prompts === undefined) throw usageError('Nothing says who won.', 'Name the player.')
  const choices = open.flatMap(({ sides: [a, b] }) => [
    { value: String(a), label: `${String(a)} beat ${String(b)}` },
    { value: String(b), label: `${String(b)} beat ${String(a)}` },
  ])
  return addressText(await prompts.choose('Who won?', choices))
}
