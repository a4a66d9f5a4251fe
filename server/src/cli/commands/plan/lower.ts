import type { Command } from 'commander'
import { parseAmount } from '@sluice/sdk/session'
import { getPlan, setPrice, setPriceCall } from '@sluice/sdk/subscription'
import { jsonAmount, showAmount } from '../../amounts.js'
import { amountText, contextOf, verb, type Context } from '../../command.js'
import { usageError } from '../../exit.js'
import type { Io } from '../../io.js'
import { carryOut } from '../../subscriptions/carryOut.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'

/** `sluice plan lower` */
export function lowerCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'lower',
      summary: 'lower the price of a plan for everybody',
      description: 'Every subscriber pays the lower price from its next charge on, and keeps it.',
      examples: [['sluice plan lower 7.99 --yes', 'from now on 7.99 a period']],
    }),
  )
    .argument('<price>', 'of a period, in whole tokens', amountText)
    .action(async (price: string, options: SendOptions) => {
      await lower(contextOf(io, options), price)
    })
}

async function lower(context: Context<SendOptions>, text: string): Promise<void> {
  const opened = await openForSending(context)
  const { connection, contract, plan, planId, token } = opened
  const price = parseAmount(text, token.decimals)
  const { hash } = await carryOut(context, opened, {
    purpose: `lower ${price}`,
    prepare: async () => {
      const { price: present } = await getPlan(connection.client, { contract, plan })
      if (present !== undefined && price >= present)
        throw usageError(
          `The plan costs ${showAmount(present, token)}; ${showAmount(price, token)} is not lower.`,
          'For a higher price publish another plan: who changes to it agrees to it.',
        )
      return {
        lines: [`price ${showAmount(price, token)}, for every subscriber from its next charge on`],
        call: setPriceCall({ contract, plan, price }),
      }
    },
    send: (keeping) => setPrice(opened.wallet, { contract, plan, price, ...keeping }),
  })
  context.output.result({ planId, price: jsonAmount(price, token), transaction: hash }, () =>
    [`the plan costs ${showAmount(price, token)} now`, `transaction ${hash}`].join('\n'),
  )
}
