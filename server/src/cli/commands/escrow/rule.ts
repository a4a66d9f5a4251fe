import type { Command } from 'commander'
import { parseAmount } from '@sluice/sdk/session'
import { rule, ruleCall } from '@sluice/sdk/escrow'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { openForSending } from '../../escrow/open.js'
import { withSending, type SendOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'

/** `sluice escrow rule` */
export function ruleCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'rule',
      summary: 'split what is disputed; for the arbiter',
      examples: [['sluice escrow rule 3 2 --yes', '3 to the receiver and 2 to the payer, which is all']],
    }),
  )
    .argument('<to-receiver>', 'in whole tokens', amountText)
    .argument('<to-payer>', 'in whole tokens', amountText)
    .action(async (receivers: string, payers: string, options: SendOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { contract, order, token, wallet } = opened
      const toReceiver = parseAmount(receivers, token.decimals)
      const toPayer = parseAmount(payers, token.decimals)
      const parameters = { contract, order, toReceiver, toPayer }
      await carryOut(context, opened, {
        verb: 'rule',
        prepare: () =>
          Promise.resolve({
            lines: [
              `pays ${showAmount(toReceiver, token)} to ${order.receiver} and ${showAmount(toPayer, token)} to ${order.payer}`,
            ],
            call: ruleCall(parameters),
          }),
        send: (wait) => rule(wallet, { ...parameters, ...wait }),
        outcome: (done) => [
          { name: 'toReceiver', amount: done.toReceiver },
          { name: 'toPayer', amount: done.toPayer },
          { name: 'fee', amount: done.fee },
        ],
      })
    })
}
