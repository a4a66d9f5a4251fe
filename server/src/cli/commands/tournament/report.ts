import type { Command } from 'commander'
import { submitResultCall } from '@sluice/sdk/tournament'
import { jsonAmount } from '../../amounts.js'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { layoutTable } from '../../table.js'
import { amountRows } from '../../tournaments/describe.js'
import { openForSending, readEvents } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { outcomeOf, type OutcomeOptions } from '../../tournaments/outcome.js'
import { doOnce } from '../../tournaments/perform.js'
import { withOutcome } from './outcomeOptions.js'

type ReportOptions = SendOptions & OutcomeOptions

/** `sluice tournament report` */
export function reportCommand(io: Io): Command {
  return withOutcome(
    withSending(
      verb({
        name: 'report',
        summary: 'report who came where',
        description:
          'Reports the result, with the key of the host, between the two deadlines. It can be challenged for a while.',
        examples: [
          ['sluice tournament report', 'of the bracket, else asks who came where'],
          ['sluice tournament report --order 0x…,0x…,0x… --yes', 'best first'],
          ['sluice tournament report --ranking result.txt --yes', 'with ties, such as "3 0x…" twice'],
        ],
      }),
    ),
  ).action(async (options: ReportOptions) => {
    await report(contextOf(io, options))
  })
}

async function report(context: Context<ReportOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { actions, contract, tournament, token } = opened
  await doOnce(context, opened, {
    purpose: 'report',
    before: 'The result was reported before.',
    prepare: async () => {
      const known = await readEvents(opened)
      const { result, prizes } = await outcomeOf(context.io, context.options, opened, known)
      const columns = [{ title: 'winner' }, { title: 'prize', align: 'right' as const }]
      return {
        lines: [layoutTable(columns, amountRows(prizes, token))],
        call: submitResultCall({ contract, tournament, result }),
        send: (keeping) => actions.submitResult({ tournament, result, ...keeping }),
        says: () => 'the result is reported, and may be challenged',
        value: () => ({
          prizes: prizes.map(({ player, amount }) => ({ player, prize: jsonAmount(amount, token) })),
        }),
      }
    },
  })
}
