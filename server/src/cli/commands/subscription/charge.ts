import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { chargeCall, readEvent } from '@sluice/sdk/subscription'
import { jsonAmount, showAmount } from '../../amounts.js'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { announce } from '../../subscriptions/announce.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'
import { send } from '../../subscriptions/send.js'

/** `sluice subscription charge` */
export function chargeCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'charge',
      summary: 'charge a period of whoever is due',
      description:
        'Charges one period of each subscriber named. Anyone may; the tips go to the key that sends.',
      examples: [['sluice subscription charge 0x… 0x… --yes', 'two subscribers in one transaction']],
    }),
  )
    .argument('<subscribers...>', 'accounts')
    .action(async (subscribers: readonly string[], options: SendOptions) => {
      await run(contextOf(io, options), subscribers.map(addressText))
    })
}

async function run(context: Context<SendOptions>, subscribers: readonly Address[]): Promise<void> {
  const opened = await openForSending(context)
  const { connection, contract, plan, token } = opened
  const call = chargeCall({ contract, plan, subscribers })
  await announce(context, opened, {
    lines: [
      `charges up to ${showAmount(plan.price, token)} of each of ${subscribers.length}, tip ${showAmount(plan.tip, token)} each`,
    ],
    call,
  })
  const { hash, logs } = await send(opened, call)
  const deployment = { chainId: connection.chain.id, contract }
  const events = logs.map((log) => readEvent(log, deployment))
  const charged = events.filter((event) => event?.type === 'charged')
  const failed = events.filter((event) => event?.type === 'charge-failed')
  context.output.result(
    {
      transaction: hash,
      charged: charged.map(({ subscriptionId, price }) => ({
        subscriptionId,
        price: jsonAmount(price, token),
      })),
      failed: failed.map(({ subscriptionId, reason }) => ({ subscriptionId, reason })),
    },
    () =>
      [
        `${charged.length} charged, ${failed.length} not`,
        ...failed.map(({ subscriptionId, reason }) => `${subscriptionId}  ${reason}`),
        `transaction ${hash}`,
      ].join('\n'),
  )
}
