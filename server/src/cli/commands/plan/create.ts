import type { Command } from 'commander'
import { createPlan, createPlanCall, getPlan } from '@sluice/sdk/subscription'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { resumeSent } from '../../sent.js'
import { carryOut } from '../../subscriptions/carryOut.js'
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
  const { connection, contract, plan, planId, token } = opened
  const transaction = await resumeSent(context.output, opened, 'create', 'send-anew')
  const { price } = await getPlan(connection.client, { contract, plan })
  if (price !== undefined) {
    const created = transaction !== undefined
    context.output.result({ planId, created, transaction }, () => `${planId} exists already`)
    return
  }
  const { hash } = await carryOut(context, opened, {
    purpose: 'create',
    prepare: () =>
      Promise.resolve({
        lines: [layoutPairs(planPairs(plan, token, undefined))],
        call: createPlanCall({ contract, plan }),
      }),
    send: (keeping) => createPlan(opened.wallet, { contract, plan, ...keeping }),
  })
  context.output.result({ planId, created: true, transaction: hash }, () =>
    [`plan ${planId} is published`, `transaction ${hash}`].join('\n'),
  )
}
