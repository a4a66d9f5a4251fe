import type { Command } from 'commander'
import { SluiceError } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import { getPlan, getSubscription, isActive, planSubscribe, subscribe } from '@sluice/sdk/subscription'
import { showAmount } from '../../amounts.js'
import { amountText, contextOf, verb, wholeNumber, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { resumeSent } from '../../sent.js'
import { carryOut } from '../../subscriptions/carryOut.js'
import { periodText, subscriptionJson, subscriptionPairs } from '../../subscriptions/describe.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'
import { layoutPairs } from '../../table.js'

type SubscribeOptions = SendOptions & {
  readonly maxPrice?: string
  readonly prepaid?: string
  readonly allow?: string
  readonly end?: number
}

/** `sluice subscription subscribe` */
export function subscribeCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'subscribe',
      summary: 'agree to a plan and pay its first period',
      examples: [
        ['sluice subscription subscribe --prepaid 30 --yes', 'pays 30 in advance, by one payment'],
        ['sluice subscription subscribe --allow 120 --yes', 'lets the contract take 120 in all, when due'],
      ],
    }),
  )
    .option('--max-price <amount>', 'never pay more for a period (default: the present price)', amountText)
    .option('--prepaid <amount>', 'pay this much in advance; what is left can be taken out', amountText)
    .option(
      '--allow <amount>',
      'without --prepaid: let the contract take this much in all (default: one period)',
      amountText,
    )
    .option('--end <second>', 'no period begins at or after it', wholeNumber(1, 2 ** 32 - 1))
    .action(async (options: SubscribeOptions) => {
      await run(contextOf(io, options))
    })
}

async function run(context: Context<SubscribeOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { connection, contract, plan, token, account } = opened
  const { options, output } = context
  const amount = (text: string | undefined) =>
    text === undefined ? undefined : parseAmount(text, token.decimals)
  const which = { contract, plan, subscriber: account.address }
  const transaction = await resumeSent(context.output, opened, 'subscribe', 'send-anew')
  const { price } = await getPlan(connection.client, { contract, plan })
  if (price === undefined) throw noPlan()
  if (await isActive(connection.client, which)) {
    const state = await getSubscription(connection.client, which)
    const created = transaction !== undefined
    output.result({ created, transaction, ...subscriptionJson(state, token) }, () =>
      ['You have this subscription already.', layoutPairs(subscriptionPairs(state, token))].join('\n'),
    )
    return
  }
  const maxPrice = amount(options.maxPrice) ?? price
  const prepaid = amount(options.prepaid)
  const allowed = prepaid ?? amount(options.allow) ?? maxPrice
  const { end } = options
  const agreed = { contract, plan, maxPrice, end, prepaid, allowed }
  const { hash } = await carryOut(context, opened, {
    purpose: 'subscribe',
    prepare: async () => {
      const { steps } = await planSubscribe(opened.wallet, agreed)
      return {
        lines: [
          `pays ${showAmount(price, token)} for ${periodText(plan)}, never more than ${showAmount(maxPrice, token)}`,
          prepaid === undefined
            ? `lets the contract take ${showAmount(allowed, token)} in all from ${account.address}`
            : `pays ${showAmount(prepaid, token)} in advance; what is left can be taken out`,
          ...steps.map(({ title }, index) => `${index + 1} of ${steps.length}: ${title}`),
        ],
      }
    },
    send: (keeping) => subscribe(opened.wallet, { ...agreed, ...keeping }),
  })
  const state = await getSubscription(connection.client, which)
  output.result({ created: true, transaction: hash, ...subscriptionJson(state, token) }, () =>
    [layoutPairs(subscriptionPairs(state, token)), `transaction ${hash}`].join('\n'),
  )
}

function noPlan(): SluiceError {
  return new SluiceError({ code: 'unknown-plan', message: 'This plan is not published.' })
}
