import type { Command } from 'commander'
import type { Hex } from '@sluice/sdk'
import { charge, planCharge } from '@sluice/sdk/escrow'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb, wholeNumber } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { orderPairs } from '../../escrow/describe.js'
import { openForSending } from '../../escrow/open.js'
import { bytesText, withSending, type SendOptions } from '../../escrow/options.js'
import { amountOf, paymentLines } from '../../escrow/paying.js'
import type { Io } from '../../io.js'
import { layoutPairs } from '../../table.js'

type ChargeOptions = SendOptions & {
  readonly amount?: string
  readonly fee?: number
  readonly payment?: Hex
}

/** `sluice escrow charge` */
export function chargeCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'charge',
      summary: 'pay an order and capture it at once; for the payer, or the receiver with its signature',
      examples: [
        ['sluice escrow charge --yes', 'the payer pays all of order.json'],
        ['sluice escrow charge --payment 0x… --yes', 'the receiver sends what the payer signed'],
      ],
    }),
  )
    .option('--amount <amount>', 'in whole tokens (default: all that the order allows)', amountText)
    .option('--fee <bps>', "ten-thousandths (default: the order's lowest)", wholeNumber(0, 10_000))
    .option('--payment <bytes>', 'what the payer signed', bytesText)
    .action(async (options: ChargeOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { contract, order, token, wallet } = opened
      const { fee: feeBps, payment } = options
      const amount = amountOf(opened, options.amount)
      const parameters = { contract, order, amount, feeBps, payment }
      await carryOut(context, opened, {
        verb: 'charge',
        prepare: async () => ({
          lines: [
            layoutPairs(orderPairs(order, token)),
            `pays ${showAmount(amount, token)} of ${order.payer} to ${order.receiver}`,
            ...(await paymentLines(payment, () => planCharge(wallet, parameters))),
          ],
        }),
        send: (wait) => charge(wallet, { ...parameters, ...wait }),
        outcome: (done) => [
          { name: 'captured', amount: done.amount },
          { name: 'paid', amount: done.released },
          { name: 'fee', amount: done.fee },
        ],
      })
    })
}
