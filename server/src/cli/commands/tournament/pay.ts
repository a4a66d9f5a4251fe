import type { Command } from 'commander'
import { payManyCall, prizesOfResult, unpaidPrizes, type Prize } from '@sluice/sdk/tournament'
import { jsonAmount, showAmount } from '../../amounts.js'
import { contextOf, verb, wholeNumber, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { resumeSent } from '../../sent.js'
import { layoutTable } from '../../table.js'
import { amountRows } from '../../tournaments/describe.js'
import { readPrizes } from '../../tournaments/lists.js'
import { openForSending, readEvents } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { perform, tellDone } from '../../tournaments/perform.js'

type PayOptions = SendOptions & { readonly prizes?: string; readonly batch: number }

/** `sluice tournament pay` */
export function payCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'pay',
      summary: 'pay every winner who was not paid yet',
      description:
        "Pays the winners of a final result in batches. Anyone may, and is rewarded out of the host's share. After an interruption it goes on with those who are left.",
      examples: [['sluice tournament pay --yes', 'nobody needs to do anything to be paid']],
    }),
  )
    .option('--prizes <file>', 'what the host published, when the result is only the root of a large field')
    .option('--batch <number>', 'winners in one transaction', wholeNumber(1, 200), 50)
    .action(async (options: PayOptions) => {
      await pay(contextOf(io, options))
    })
}

async function pay(context: Context<PayOptions>): Promise<void> {
  const { io, options } = context
  const opened = await openForSending(context)
  const { actions, contract, tournament, token } = opened
  const before = await resumeSent(context.output, opened, 'pay', 'send-anew')
  const earlier = before === undefined ? [] : [before]
  const known = await readEvents(opened)
  const published = options.prizes === undefined ? undefined : await readPrizes(io, options.prizes, token)
  const prizes = known.stage === 'paid' ? [] : unpaidPrizes(known, prizesOfResult(known, published))
  if (prizes.length === 0) {
    const says = known.stage === 'paid' ? 'everybody is paid' : 'nobody is left to be paid'
    await tellDone(context, opened, { says, transactions: earlier, value: { paid: [] } })
    return
  }
  const { batch } = options
  const columns = [{ title: 'winner' }, { title: 'prize', align: 'right' as const }]
  const first = prizes.slice(0, batch)
  const { transactions } = await perform(context, opened, {
    purpose: 'pay',
    lines: [
      layoutTable(columns, amountRows(prizes, token)),
      `in ${Math.ceil(prizes.length / batch)} transactions; the gas below is that of the first`,
    ],
    call: payManyCall({ contract, tournament, prizes: first }),
    send: (keeping) => actions.payMany({ tournament, prizes, batch, ...keeping }),
  })
  const paid: readonly Prize[] = transactions.flatMap((each) => each.paid)
  const reward = transactions.reduce((sum, each) => sum + each.reward, 0n)
  await tellDone(context, opened, {
    says: `${paid.length} winners are paid; ${showAmount(reward, token)} for you`,
    transactions: [...earlier, ...transactions.map(({ hash }) => hash)],
    value: {
      paid: paid.map(({ player, amount }) => ({ player, prize: jsonAmount(amount, token) })),
      reward: jsonAmount(reward, token),
    },
  })
}
