import type { Command } from 'commander'
import { ruleCall, type TournamentResult } from '@sluice/sdk/tournament'
import { contextOf, verb, type Context } from '../../command.js'
import { failure } from '../../exit.js'
import type { Io } from '../../io.js'
import { openForSending, readEvents, type OpenedForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { outcomeOf, type OutcomeOptions } from '../../tournaments/outcome.js'
import { doOnce } from '../../tournaments/perform.js'
import { withOutcome } from './outcomeOptions.js'

type RuleOptions = SendOptions & OutcomeOptions & { readonly uphold?: boolean }

/** `sluice tournament rule` */
export function ruleCommand(io: Io): Command {
  return withOutcome(
    withSending(
      verb({
        name: 'rule',
        summary: 'decide a dispute: the right result, final at once',
        description:
          'Decides a dispute, with the key of the referee, in time. Both bonds go to the host when its result is upheld, else to the challenger. To declare the tournament void: sluice tournament annul.',
        examples: [
          ['sluice tournament rule --uphold --yes', 'the result of the host is right'],
          ['sluice tournament rule --order 0x…,0x… --yes', 'another one is'],
        ],
      }),
    ),
  )
    .option('--uphold', 'the result that the host reported')
    .action(async (options: RuleOptions) => {
      await rule(contextOf(io, options))
    })
}

async function rule(context: Context<RuleOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { actions, contract, tournament } = opened
  await doOnce(context, opened, {
    purpose: 'rule',
    before: 'You decided before.',
    prepare: async () => {
      const result = await resultOf(context, opened)
      return {
        lines: [
          context.options.uphold === true
            ? "the result of the host stands, and both bonds are the host's"
            : 'this result is final; both bonds go to the challenger unless it is the one of the host',
        ],
        call: ruleCall({ contract, tournament, result }),
        send: (keeping) => actions.rule({ tournament, result, ...keeping }),
        says: ({ upheld }) => (upheld ? 'the host was right' : 'the challenger was right'),
        value: ({ upheld }) => ({ upheld }),
      }
    },
  })
}

async function resultOf(context: Context<RuleOptions>, opened: OpenedForSending): Promise<TournamentResult> {
  const known = await readEvents(opened)
  const { io, options } = context
  if (options.uphold !== true) return (await outcomeOf(io, options, opened, known)).result
  if (known.result !== undefined) return known.result
  throw failure('There is no result to uphold.', 'Look at "sluice tournament show".')
}
