import type { Command } from 'commander'
import {
  dispute,
  disputeCall,
  reclaim,
  reclaimCall,
  resolveByTimeout,
  resolveByTimeoutCall,
  voidOrder,
  voidOrderCall,
  type OrderParameters,
  type OrderReceipt,
} from '@sluice/sdk/escrow'
import { contextOf, verb } from '../../command.js'
import { carryOut, type Outcome } from '../../escrow/carryOut.js'
import { openForSending, type OpenedForSending } from '../../escrow/open.js'
import { withSending, type SendOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'

/** A verb that takes nothing but the order. */
type Kind<Receipt extends OrderReceipt> = {
  readonly name: string
  readonly summary: string
  readonly consequence: string
  readonly call: typeof reclaimCall
  readonly send: (wallet: OpenedForSending['wallet'], parameters: OrderParameters) => Promise<Receipt>
  readonly outcome: (receipt: Receipt) => readonly Outcome[]
}

/** `sluice escrow void` */
export const voidCommand = simpleCommand({
  name: 'void',
  summary: 'give what is authorized back to the payer; for the receiver',
  consequence: 'everything authorized goes back to the payer, now',
  call: voidOrderCall,
  send: voidOrder,
  outcome: ({ returned }) => [{ name: 'returned', amount: returned }],
})

/** `sluice escrow reclaim` */
export const reclaimCommand = simpleCommand({
  name: 'reclaim',
  summary: 'send what was not captured in time back to the payer; for anyone',
  consequence: 'everything that was not captured goes back to the payer',
  call: reclaimCall,
  send: reclaim,
  outcome: ({ returned }) => [{ name: 'returned', amount: returned }],
})

/** `sluice escrow dispute` */
export const disputeCommand = simpleCommand({
  name: 'dispute',
  summary: 'freeze what is pending until it is split; for the payer',
  consequence: 'everything pending is frozen until the arbiter, both sides or the default share split it',
  call: disputeCall,
  send: dispute,
  outcome: ({ disputed, rulableUntil }) => [
    { name: 'disputed', amount: disputed },
    { name: 'rulableUntil', second: rulableUntil },
  ],
})

/** `sluice escrow resolve` */
export const resolveCommand = simpleCommand({
  name: 'resolve',
  summary: "split what is disputed by the default share, once the arbiter's time is over; for anyone",
  consequence: 'what is disputed is split by the default share of the order',
  call: resolveByTimeoutCall,
  send: resolveByTimeout,
  outcome: ({ toReceiver, toPayer, fee }) => [
    { name: 'toReceiver', amount: toReceiver },
    { name: 'toPayer', amount: toPayer },
    { name: 'fee', amount: fee },
  ],
})

function simpleCommand<Receipt extends OrderReceipt>(kind: Kind<Receipt>): (io: Io) => Command {
  const { name, summary, consequence, call, send, outcome } = kind
  return (io) =>
    withSending(
      verb({ name, summary, examples: [[`sluice escrow ${name} --yes`, 'the order in order.json']] }),
    ).action(async (options: SendOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { contract, order, wallet } = opened
      await carryOut(context, opened, {
        verb: name,
        prepare: () => Promise.resolve({ lines: [consequence], call: call({ contract, order }) }),
        send: (wait) => send(wallet, { contract, order, ...wait }),
        outcome,
      })
    })
}
