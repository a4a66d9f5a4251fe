import type { Command } from 'commander'
import { subscriptionsAddresses } from '@sluice/sdk'
import { getSubscription, planId, renewable } from '@sluice/sdk/subscription'
import { createSubscriberList } from '../../../keeper/subscribers.js'
import type { MetaStore } from '../../../store/ports.js'
import { showAmount, showMoment } from '../../amounts.js'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { subscriptionJson } from '../../subscriptions/describe.js'
import { openPlan } from '../../subscriptions/open.js'
import { withPlan, type PlanOptions } from '../../subscriptions/options.js'
import { layoutTable } from '../../table.js'

/** `sluice subscription list` */
export function listCommand(io: Io): Command {
  return withPlan(
    verb({
      name: 'list',
      summary: 'everybody who subscribed to a plan',
      description: 'Rebuilds the subscribers of a plan from the chain alone.',
      examples: [['sluice subscription list --json', 'for machines']],
    }),
  ).action(async (options: PlanOptions) => {
    await list(contextOf(io, options))
  })
}

/** Nothing is kept between two lists. */
const forgetful: MetaStore = { get: () => Promise.resolve(undefined), set: () => Promise.resolve() }

async function list(context: Context<PlanOptions>): Promise<void> {
  const { connection, contract, plan, token } = await openPlan(context)
  const { client, chain } = connection
  const id = planId({ chainId: chain.id, contract, plan })
  const { subscriptions } = await createSubscriberList({
    client,
    deployment: { chainId: chain.id, contract },
    meta: forgetful,
    firstBlock: subscriptionsAddresses[chain.id]?.block ?? 0n,
    confirmations: 1,
  }).update()
  const own = Object.values(subscriptions).filter((each) => each.planId === id)
  const rows = await Promise.all(
    own.map(async ({ subscriber }) => {
      const which = { contract, plan, subscriber }
      const [state, { reason }] = await Promise.all([
        getSubscription(client, which),
        renewable(client, which),
      ])
      return { subscriber, state, reason }
    }),
  )
  context.output.result(
    rows.map(({ subscriber, state, reason }) => ({ subscriber, reason, ...subscriptionJson(state, token) })),
    () =>
      rows.length === 0
        ? 'Nobody subscribed yet.'
        : layoutTable(
            [
              { title: 'subscriber' },
              { title: 'price', align: 'right' },
              { title: 'paid until' },
              { title: 'next charge' },
            ],
            rows.map(({ subscriber, state, reason }) => [
              subscriber,
              showAmount(state.price, token),
              showMoment(state.paidUntil),
              reason === 'none' ? 'now' : reason,
            ]),
          ),
  )
}
