import type { Command } from 'commander'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { layoutPairs } from '../../table.js'
import { termsPairs } from '../../tournaments/describe.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { perform, resume, tellDone } from '../../tournaments/perform.js'

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
  const told = (says: string, created: boolean, hash?: `0x${string}`) =>
    tellDone(context, opened, {
      says,
      transactions: hash === undefined ? [] : [hash],
      value: { created },
    })
  const before = await resume(context, opened, 'create')
  if (before !== undefined) {
    await told('It was created before.', true, before)
    return
  }
  const { stage } = await actions.getTournament({ tournament })
  if (stage !== 'none') {
    await told(`${tournamentId} exists already`, false)
    return
  }
  const plan = await actions.planCreateTournament({ tournament })
  const { hash } = await perform(context, opened, {
    purpose: 'create',
    lines: [layoutPairs(termsPairs(tournament, token))],
    plan,
    send: (keeping) => actions.createTournament({ tournament, ...keeping }),
  })
  await told(`tournament ${tournamentId} is open`, true, hash)
}
