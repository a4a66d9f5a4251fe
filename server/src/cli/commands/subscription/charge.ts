import type { Command } from 'commander'
import { getTransactionReceipt } from 'viem/actions'
import type { Address, Hex } from '@sluice/sdk'
import { charge, chargeBatch, chargeBatchCall, chargeCall, readEvent } from '@sluice/sdk/subscription'
import { jsonAmount, showAmount } from '../../amounts.js'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { carryOut } from '../../subscriptions/carryOut.js'
import { openForSending, type OpenedPlan } from '../../subscriptions/open.js'
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
  const { charged, failed } = receipt ?? (await chargesOf(hash, opened))
  context.output.result(
    {
      transaction: hash,
      resumed: receipt === undefined,
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

type Charges = Pick<chargeBatch.ReturnType, 'charged' | 'failed'>

/** One charge, which fails as a whole or not at all, told as a batch of one. */
function asBatch(charged: charge.ReturnType): Charges & { readonly hash: Hex } {
  return { hash: charged.hash, charged: [charged], failed: [] }
}

/** What a transaction charged, as the chain tells it. */
async function chargesOf(hash: Hex, { connection, contract }: OpenedPlan): Promise<Charges> {
  const { logs } = await getTransactionReceipt(connection.client, { hash })
  const deployment = { chainId: connection.chain.id, contract }
  const events = logs.map((log) => readEvent(log, deployment)).filter((event) => event !== undefined)
  return {
    charged: events.filter((event) => event.type === 'charged'),
    failed: events.filter((event) => event.type === 'charge-failed'),
  }
}
