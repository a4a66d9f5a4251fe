import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { getSubscription, isActive, renewable } from '@sluice/sdk/subscription'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { subscriptionJson, subscriptionPairs } from '../../subscriptions/describe.js'
import { openPlan } from '../../subscriptions/open.js'
import { withPlan, type PlanOptions } from '../../subscriptions/options.js'
import { layoutPairs } from '../../table.js'

/** `sluice subscription show` */
export function showCommand(io: Io): Command {
  return withPlan(
    verb({
      name: 'show',
      summary: 'what is paid, until when, and what comes next',
      examples: [['sluice subscription show 0x…', 'the subscription of an account']],
    }),
  )
    .argument('<subscriber>', 'an account', addressText)
    .action(async (subscriber: Address, options: PlanOptions) => {
      await show(contextOf(io, options), subscriber)
    })
}

async function show(context: Context<PlanOptions>, subscriber: Address): Promise<void> {
  const { connection, contract, plan, token } = await openPlan(context)
  const which = { contract, plan, subscriber }
  const [state, active, renewal] = await Promise.all([
    getSubscription(connection.client, which),
    isActive(connection.client, which),
    renewable(connection.client, which),
  ])
  const { reason, found, needed } = renewal
  context.output.result(
    {
      active,
      renewal: { reason, found: found.toString(), needed: needed.toString() },
      ...subscriptionJson(state, token),
    },
    () =>
      layoutPairs([
        ['active', active ? 'yes' : 'no'],
        ['next charge', reason === 'none' ? 'can be made now' : `${reason} (${found} of ${needed})`],
        ...subscriptionPairs(state, token),
      ]),
  )
}
