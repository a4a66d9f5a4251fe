import type { Command } from 'commander'
import type { Hex } from '@sluice/sdk'
import { authorize, planAuthorize, signAuthorize } from '@sluice/sdk/escrow'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb, type Context } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { orderPairs } from '../../escrow/describe.js'
import { openForSending, type OpenedForSending } from '../../escrow/open.js'
import { bytesText, withSending, type SendOptions } from '../../escrow/options.js'
import { amountOf, paymentLines } from '../../escrow/paying.js'
import type { Io } from '../../io.js'
import { requireYes } from '../../prompts.js'
import { layoutPairs } from '../../table.js'

type AuthorizeOptions = SendOptions & {
  readonly amount?: string
  readonly payment?: Hex
  readonly sign?: boolean
}

/** `sluice escrow authorize` */
export function authorizeCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'authorize',
      summary: 'pay an order: the money is held until it is captured; for the payer',
      examples: [
        ['sluice escrow authorize --yes', 'pays all of order.json'],
        ['sluice escrow authorize --sign --yes', 'signs the payment for somebody else to send'],
        ['sluice escrow authorize --payment 0x… --yes', 'sends what the payer signed'],
      ],
    }),
  )
    .option('--amount <amount>', 'in whole tokens (default: all that the order allows)', amountText)
    .option('--payment <bytes>', 'what the payer signed, for anyone to send', bytesText)
    .option('--sign', 'only sign the payment, without sending or gas')
    .action(async (options: AuthorizeOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      await (options.sign === true ? sign(context, opened) : pay(context, opened))
    })
}

async function pay(context: Context<AuthorizeOptions>, opened: OpenedForSending): Promise<void> {
  const { contract, order, token, wallet } = opened
  const { payment } = context.options
  const amount = amountOf(opened, context.options.amount)
  const parameters = { contract, order, amount, payment }
  await carryOut(context, opened, {
    verb: 'authorize',
    prepare: async () => ({
      lines: [
        layoutPairs(orderPairs(order, token)),
        `holds ${showAmount(amount, token)} of ${order.payer}`,
        ...(await paymentLines(payment, () => planAuthorize(wallet, parameters))),
      ],
    }),
    send: (wait) => authorize(wallet, { ...parameters, ...wait }),
    outcome: (done) => [{ name: 'held', amount: done.amount }],
  })
}

async function sign(context: Context<AuthorizeOptions>, opened: OpenedForSending): Promise<void> {
  const { io, output, options } = context
  const { contract, order, token, wallet } = opened
  const amount = amountOf(opened, options.amount)
  output.progress(layoutPairs(orderPairs(order, token)))
  output.progress(`lets whoever sends the signature pay ${showAmount(amount, token)} into this order`)
  await requireYes(io, 'Sign it?', options.yes === true)
  const { payment, deadline, method } = await signAuthorize(wallet, { contract, order, amount })
  output.result({ payment, deadline: Number(deadline), method }, () => payment)
}
