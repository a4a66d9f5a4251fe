import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { createBracket } from '@sluice/sdk/tournament'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { withBracket, writeBracketFile, type BracketOptions } from '../../tournaments/bracketFile.js'
import { bracketLines } from '../../tournaments/describe.js'
import { drawSeeds } from '../../tournaments/draw.js'
import { openTournament, readEvents } from '../../tournaments/open.js'
import { withTournament, type TournamentOptions } from '../../tournaments/options.js'

type DrawOptions = TournamentOptions & BracketOptions & { readonly force?: boolean }

/** `sluice tournament draw` */
export function drawCommand(io: Io): Command {
  return withBracket(
    withTournament(
      verb({
        name: 'draw',
        summary: 'draw a bracket that everybody can draw again',
        description:
          'Draws a single-elimination bracket by the hash of the first block from the join deadline on, and writes it to a file. Whoever draws gets the same. Nothing is sent.',
        examples: [['sluice tournament draw', 'writes tournament.bracket.json']],
      }),
    ),
  )
    .option('--force', 'replace the file, and what was played')
    .action(async (options: DrawOptions) => {
      await draw(contextOf(io, options))
    })
}

async function draw(context: Context<DrawOptions>): Promise<void> {
  const { io, output, options } = context
  const opened = await openTournament(context)
  const { connection, tournament, tournamentId } = opened
  const players = Object.keys((await readEvents(opened)).players) as Address[]
  const { joinDeadline } = tournament
  const { block, seed, seeds } = await drawSeeds(connection.client, { tournamentId, joinDeadline, players })
  const bracket = createBracket(seeds)
  const file = { tournamentId, seeds, bracket }
  const path = await writeBracketFile(io, options, file, options.force === true)
  output.result({ path, block: block.toString(), seed, seeds, rounds: bracket.rounds }, () =>
    [...bracketLines(bracket), `drawn by block ${block}, written to ${path}`].join('\n'),
  )
}
