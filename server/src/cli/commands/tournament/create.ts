import type { Command } from 'commander'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { layoutPairs } from '../../table.js'
import { termsPairs } from '../../tournaments/describe.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce } from '../../tournaments/perform.js'

/** `sluice tournament create` */
export function createCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'create',
      summary: 'open it for players, with the bond',
      description: 'Opens a tournament, with the key of its host. One that exists is only shown.',
      examples: [['sluice tournament create --yes', 'opens tournament.json']],
    }),
  ).action(async (options: SendOptions) => {
    await create(contextOf(io, options))
  })
}

async function create(context: Context<SendOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { actions, tournament, tournamentId, token } = opened
  await doOnce(context, opened, {
    purpose: 'create',
    before: 'It was created before.',
    value: { created: true },
    prepare: async () => {
      const { stage } = await actions.getTournament({ tournament })
      if (stage !== 'none') return { already: `${tournamentId} exists already`, value: { created: false } }
      return {
        lines: [layoutPairs(termsPairs(tournament, token))],
        plan: await actions.planCreateTournament({ tournament }),
        send: (keeping) => actions.createTournament({ tournament, ...keeping }),
        says: () => `tournament ${tournamentId} is open`,
      }
    },
  })
}
