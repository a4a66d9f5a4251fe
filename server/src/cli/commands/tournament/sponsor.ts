import type { Command } from 'commander'
import { parseAmount } from '@sluice/sdk/session'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce } from '../../tournaments/perform.js'

/** `sluice tournament sponsor` */
export function sponsorCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'sponsor',
      summary: 'add to the prizes',
      description:
        'Adds to the prizes. The host takes nothing of it, and it comes back if the tournament is cancelled.',
      examples: [['sluice tournament sponsor 100 --yes', 'a hundred more for the winners']],
    }),
  )
    .argument('<amount>', 'in whole tokens', amountText)
    .action(async (amount: string, options: SendOptions) => {
      await sponsor(contextOf(io, options), amount)
    })
}

async function sponsor(context: Context<SendOptions>, text: string): Promise<void> {
  const opened = await openForSending(context)
  const { actions, tournament, token } = opened
  const amount = parseAmount(text, token.decimals)
  const shown = showAmount(amount, token)
  await doOnce(context, opened, {
    purpose: `sponsor ${amount}`,
    before: `${shown} were given before.`,
    prepare: async () => ({
      lines: [`adds ${shown} to the prizes`],
      plan: await actions.planSponsor({ tournament, amount }),
      send: (keeping) => actions.sponsor({ tournament, amount, ...keeping }),
      says: () => `${shown} more for the winners`,
    }),
  })
}
