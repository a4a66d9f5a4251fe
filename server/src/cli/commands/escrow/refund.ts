import type { Command } from 'commander'
import type { Hex } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import { planRefund, refund } from '@sluice/sdk/escrow'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { openForSending } from '../../escrow/open.js'
import { bytesText, withSending, type SendOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'

type RefundOptions = SendOptions & { readonly payment?: Hex }

/** `sluice escrow refund` */
export function refundCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'refund',
      summary: 'give money back to the payer; for the receiver',
      description: 'Gives back what is pending first, then money that was released, which the key brings.',
      examples: [['sluice escrow refund 5 --yes', 'to the payer of order.json']],
    }),
  )
    .argument('<amount>', 'in whole tokens', amountText)
    .option('--payment <bytes>', 'what somebody signed to pay the part that is not pending', bytesText)
    .action(async (text: string, options: RefundOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { contract, order, token, wallet } = opened
      const amount = parseAmount(text, token.decimals)
      const parameters = { contract, order, amount, payment: options.payment }
      await carryOut(context, opened, {
        verb: 'refund',
        amount,
        prepare: async () => {
          const { brought, steps } = await planRefund(wallet, parameters)
          return {
            lines: [
              `gives ${showAmount(amount, token)} back to ${order.payer}, ${showAmount(brought, token)} of it paid now`,
              ...steps.map(({ title }, index) => `${index + 1} of ${steps.length}: ${title}`),
            ],
          }
        },
        send: (wait) => refund(wallet, { ...parameters, ...wait }),
        outcome: (done) => [
          { name: 'returned', amount: done.returned },
          { name: 'brought', amount: done.brought },
        ],
      })
    })
}
