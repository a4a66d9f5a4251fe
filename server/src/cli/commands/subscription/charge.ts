import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { charge, chargeBatch, chargeBatchCall, chargeCall } from '@sluice/sdk/subscription'
import { jsonAmount, showAmount } from '../../amounts.js'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { carryOut } from '../../subscriptions/carryOut.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'

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
  const { contract, plan, token, wallet } = opened
  const [only, ...others] = subscribers
  const single = only !== undefined && others.length === 0 ? { contract, plan, subscriber: only } : undefined
  const several = { contract, plan, subscribers }
  const { hash, receipt } = await carryOut(context, opened, {
    purpose: ['charge', ...subscribers].join(' '),
    prepare: () =>
      Promise.resolve({
        lines: [
          `charges up to ${showAmount(plan.price, token)} of each of ${subscribers.length}, tip ${showAmount(plan.tip, token)} each`,
        ],
        call: single === undefined ? chargeBatchCall(several) : chargeCall(single),
      }),
    send: async (keeping) =>
      single === undefined
        ? await chargeBatch(wallet, { ...several, ...keeping })
        : asBatch(await charge(wallet, { ...single, ...keeping })),
  })
  if (receipt === undefined) {
    context.output.result({ transaction: hash, resumed: true }, () => `charged before\ntransaction ${hash}`)
    return
  }
  const { charged, failed } = receipt
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

/** One charge, which fails as a whole or not at all, told as a batch of one. */
function asBatch(charged: charge.ReturnType): Pick<chargeBatch.ReturnType, 'hash' | 'charged' | 'failed'> {
  return { hash: charged.hash, charged: [charged], failed: [] }
}
