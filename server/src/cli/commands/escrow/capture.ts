import type { Command } from 'commander'
import { parseAmount } from '@sluice/sdk/session'
import { capture, captureCall } from '@sluice/sdk/escrow'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb, wholeNumber } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { openForSending } from '../../escrow/open.js'
import { withSending, type SendOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'

type CaptureOptions = SendOptions & { readonly fee?: number }

/** `sluice escrow capture` */
export function captureCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'capture',
      summary: 'take part of what is authorized; for the receiver',
      examples: [['sluice escrow capture 2.50 --yes', 'paid at once, or when the dispute window is over']],
    }),
  )
    .argument('<amount>', 'in whole tokens', amountText)
    .option('--fee <bps>', "ten-thousandths (default: the order's lowest)", wholeNumber(0, 10_000))
    .action(async (text: string, options: CaptureOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { contract, order, token, wallet } = opened
      const amount = parseAmount(text, token.decimals)
      const parameters = { contract, order, amount, feeBps: options.fee }
      const when =
        order.disputeWindow === 0 ? 'at once' : `after ${order.disputeWindow} seconds for a dispute`
      await carryOut(context, opened, {
        verb: 'capture',
        amount,
        prepare: () =>
          Promise.resolve({
            lines: [`captures ${showAmount(amount, token)}, paid to ${order.receiver} ${when}`],
            call: captureCall(parameters),
          }),
        send: (wait) => capture(wallet, { ...parameters, ...wait }),
        outcome: (done) => [
          { name: 'captured', amount: done.amount },
          { name: 'paid', amount: done.released },
          { name: 'fee', amount: done.fee },
          { name: 'releasedFrom', second: done.releasableAt },
        ],
      })
    })
}
