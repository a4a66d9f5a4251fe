import type { Command } from 'commander'
import { getPlan } from '@sluice/sdk/subscription'
import { jsonAmount } from '../../amounts.js'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { planPairs } from '../../subscriptions/describe.js'
import { openPlan } from '../../subscriptions/open.js'
import { withPlan, type PlanOptions } from '../../subscriptions/options.js'
import { layoutPairs } from '../../table.js'

/** `sluice plan show` */
export function showCommand(io: Io): Command {
  return withPlan(
    verb({
      name: 'show',
      summary: 'the terms and the present price of a plan',
      examples: [['sluice plan show', 'of plan.json']],
    }),
  ).action(async (options: PlanOptions) => {
    await show(contextOf(io, options))
  })
}

async function show(context: Context<PlanOptions>): Promise<void> {
  const { connection, contract, plan, token } = await openPlan(context)
  const { planId, price } = await getPlan(connection.client, { contract, plan })
  const terms = { ...plan, price: jsonAmount(plan.price, token), tip: jsonAmount(plan.tip, token) }
  context.output.result(
    { planId, terms, ...(price === undefined ? {} : { price: jsonAmount(price, token) }) },
    () => layoutPairs([['plan', planId], ...planPairs(plan, token, price)]),
  )
}
