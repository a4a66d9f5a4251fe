import type { Command } from 'commander'
import { refundable, refundCall } from '@sluice/sdk/tournament'
import { jsonAmount } from '../../amounts.js'
import { contextOf, verb, wholeNumber, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { resumeSent } from '../../sent.js'
import { openForSending, readEvents } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { perform, tellDone } from '../../tournaments/perform.js'

type RefundOptions = SendOptions & { readonly batch: number }

/** `sluice tournament refund` */
export function refundCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'refund',
      summary: 'send players and sponsors what is theirs after a cancellation',
      description:
        'Sends everybody what they get back of a cancelled tournament. Anyone may. After an interruption it goes on with those who are left.',
      examples: [['sluice tournament refund --yes', 'everybody who is left']],
    }),
  )
    .option('--batch <number>', 'accounts in one transaction', wholeNumber(1, 200), 50)
    .action(async (options: RefundOptions) => {
      await refund(contextOf(io, options))
    })
}

async function refund(context: Context<RefundOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { actions, contract, tournament, token } = opened
  const before = await resumeSent(context.output, opened, 'refund', 'send-anew')
  const earlier = before === undefined ? [] : [before]
  const known = await readEvents(opened)
  const accounts = refundable(known)
  if (accounts.length === 0) {
    const says =
      known.stage === 'refunding' || known.stage === 'abandoned'
        ? 'everybody has what is theirs'
        : `nobody gets anything back: the tournament is ${known.stage}`
    await tellDone(context, opened, { says, transactions: earlier, value: { refunded: [] } })
    return
  }
  const { batch } = context.options
  const { transactions } = await perform(context, opened, {
    purpose: 'refund',
    lines: [
      ...accounts.map((account) => `refunds ${account}`),
      `in ${Math.ceil(accounts.length / batch)} transactions; the gas below is that of the first`,
    ],
    call: refundCall({ contract, tournament, accounts: accounts.slice(0, batch) }),
    send: (keeping) => actions.refund({ tournament, accounts, batch, ...keeping }),
  })
  const refunded = transactions.flatMap((each) => each.refunded)
  await tellDone(context, opened, {
    says: `${refunded.length} accounts have what is theirs`,
    transactions: [...earlier, ...transactions.map(({ hash }) => hash)],
    value: {
      refunded: refunded.map(({ account, amount }) => ({ account, amount: jsonAmount(amount, token) })),
    },
  })
}
