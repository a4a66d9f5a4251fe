import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import {
  cancel,
  cancelCall,
  getSubscription,
  pause,
  pauseCall,
  resume,
  resumeCall,
} from '@sluice/sdk/subscription'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { carryOut } from '../../subscriptions/carryOut.js'
import { subscriptionJson, subscriptionPairs } from '../../subscriptions/describe.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'
import { layoutPairs } from '../../table.js'

type ManageOptions = SendOptions & { readonly subscriber?: Address }

/** One of three verbs that differ in what they send only. */
type Kind = {
  readonly name: 'pause' | 'resume' | 'cancel'
  readonly summary: string
  readonly consequence: string
  readonly call: typeof pauseCall
  readonly send: typeof pause | typeof resume | typeof cancel
}

/** `sluice subscription pause` */
export const pauseCommand = manageCommand({
  name: 'pause',
  summary: 'stop charges until you resume',
  consequence: 'what is paid stays active until it ends; nothing is charged until you resume',
  call: pauseCall,
  send: pause,
})

/** `sluice subscription resume` */
export const resumeCommand = manageCommand({
  name: 'resume',
  summary: 'go on after a pause or lapse',
  consequence: 'goes on; when nothing is paid any more, a period is paid at once',
  call: resumeCall,
  send: resume,
})

/** `sluice subscription cancel` */
export const cancelCommand = manageCommand({
  name: 'cancel',
  summary: 'end it with what is paid',
  consequence: 'what is paid stays active until it ends; nothing is ever charged again',
  call: cancelCall,
  send: cancel,
})

function manageCommand(kind: Kind): (io: Io) => Command {
  const { name, summary } = kind
  return (io) =>
    withSending(
      verb({
        name,
        summary,
        examples: [[`sluice subscription ${name} --yes`, 'with the key that subscribed']],
      }),
    )
      .option('--subscriber <address>', 'whose (default: of the key that signs)', addressText)
      .action(async (options: ManageOptions) => {
        await run(contextOf(io, options), kind)
      })
}

async function run(context: Context<ManageOptions>, { name, consequence, call, send }: Kind): Promise<void> {
  const opened = await openForSending(context)
  const { connection, contract, plan, token, account } = opened
  const { subscriber = account.address } = context.options
  const which = { contract, plan, subscriber }
  const { hash } = await carryOut(context, opened, {
    purpose: `${name} ${subscriber.toLowerCase()}`,
    prepare: () => Promise.resolve({ lines: [consequence], call: call(which) }),
    send: (keeping) => send(opened.wallet, { ...which, ...keeping }),
  })
  const state = await getSubscription(connection.client, which)
  context.output.result({ transaction: hash, ...subscriptionJson(state, token) }, () =>
    [layoutPairs(subscriptionPairs(state, token)), `transaction ${hash}`].join('\n'),
  )
}
