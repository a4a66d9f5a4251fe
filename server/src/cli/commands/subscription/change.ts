import type { Command } from 'commander'
import { parseAmount } from '@sluice/sdk/session'
import { changePlan, changePlanCall, getPlan, getSubscription } from '@sluice/sdk/subscription'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { carryOut } from '../../subscriptions/carryOut.js'
import { periodText, subscriptionJson, subscriptionPairs } from '../../subscriptions/describe.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'
import { readPlanFile } from '../../subscriptions/planFile.js'
import { layoutPairs } from '../../table.js'

type ChangeOptions = SendOptions & { readonly to: string; readonly maxPrice?: string }

/** `sluice subscription change` */
export function changeCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'change',
      summary: 'change to another plan of the merchant',
      description: 'What is left of the paid period becomes time at the new price; no money moves.',
      examples: [['sluice subscription change --to premium.json --yes', 'from plan.json to premium.json']],
    }),
  )
    .requiredOption('--to <file>', 'the new plan')
    .option('--max-price <amount>', 'never pay more for a period (default: its present price)', amountText)
    .action(async (options: ChangeOptions) => {
      await run(contextOf(io, options))
    })
}

async function run(context: Context<ChangeOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { connection, contract, plan, token, account } = opened
  const { plan: newPlan } = await readPlanFile(context.io, context.options.to)
  const { planId: newPlanId, price = newPlan.price } = await getPlan(connection.client, {
    contract,
    plan: newPlan,
  })
  const text = context.options.maxPrice
  const maxPrice = text === undefined ? price : parseAmount(text, token.decimals)
  const { hash } = await carryOut(context, opened, {
    purpose: `change to ${newPlanId}`,
    prepare: () =>
      Promise.resolve({
        lines: [
          `from now on ${showAmount(price, token)} for ${periodText(newPlan)}; what is paid becomes time`,
        ],
        call: changePlanCall({ contract, plan, newPlan, subscriber: account.address, maxPrice }),
      }),
    send: (keeping) => changePlan(opened.wallet, { contract, plan, newPlan, maxPrice, ...keeping }),
  })
  const state = await getSubscription(connection.client, {
    contract,
    plan: newPlan,
    subscriber: account.address,
  })
  context.output.result({ transaction: hash, ...subscriptionJson(state, token) }, () =>
    [layoutPairs(subscriptionPairs(state, token)), `transaction ${hash}`].join('\n'),
  )
}
