import type { Command } from 'commander'
import { createPlan, createPlanCall, getPlan } from '@sluice/sdk/subscription'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { announce } from '../../subscriptions/announce.js'
import { planPairs } from '../../subscriptions/describe.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'
import { layoutPairs } from '../../table.js'

/** `sluice plan create` */
export function createCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'create',
      summary: 'publish a plan',
      description: 'Publishes a plan, with the key of its merchant. A plan that exists is only shown.',
      examples: [['sluice plan create --yes', 'publishes plan.json']],
    }),
  ).action(async (options: SendOptions) => {
    await create(contextOf(io, options))
  })
}

async function create(context: Context<SendOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { connection, contract, plan, token } = opened
  const { planId, price } = await getPlan(connection.client, { contract, plan })
  if (price !== undefined) {
    context.output.result({ planId, created: false }, () => `${planId} exists already`)
    return
  }
  const call = createPlanCall({ contract, plan })
  await announce(context, opened, {
    lines: [layoutPairs(planPairs(plan, token, undefined))],
    call,
  })
  const { hash } = await createPlan(opened.wallet, { contract, plan })
  context.output.result({ planId, created: true, transaction: hash }, () =>
    [`plan ${planId} is published`, `transaction ${hash}`].join('\n'),
  )
}
