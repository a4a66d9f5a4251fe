import type { Command } from 'commander'
import { withdraw } from '@sluice/sdk/channel'
import type { Hex } from '@sluice/sdk'
import { jsonAmount, showAmount } from '../../amounts.js'
import { payerOf } from '../../channels/payerChannels.js'
import { withSide, type SideOptions } from '../../channels/side.js'
import { channelIdText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { confirmSpending } from '../../safety.js'
import { tokenOf } from '../../watching/offer.js'

type WithdrawOptions = SideOptions & { readonly yes?: boolean }

/** `sluice channels withdraw` */
export function withdrawCommand(io: Io): Command {
  return withSide(
    verb({
      name: 'withdraw',
      summary: 'bring your money back after the grace period',
      description:
        'Ends a channel after "request-close" and its grace period: what the payee has not claimed comes back.',
      examples: [['sluice channels withdraw 0x12ab34 --as payer', 'with the key that paid the deposit']],
    }),
    'payer',
  )
    .argument('<id>', "the channel's id, or the beginning of it", channelIdText)
    .option('--yes', 'do not ask on a public chain')
    .action(async (id: Hex, options: WithdrawOptions) => {
      await run(contextOf(io, options), id)
    })
}

async function run(context: Context<WithdrawOptions>, id: Hex): Promise<void> {
  const { io, output, options } = context
  const { payer, record } = await payerOf(context, id)
  const { channelId, contract, channel, chainId } = record
  const token = tokenOf(record.offer)
  await confirmSpending(io, chainId, `Withdraw from ${channelId}?`, options.yes === true)
  const { hash, captured, refunded } = await withdraw(payer.wallet, { contract, channel })
  await payer.store.put({ ...record, closed: true })
  output.result(
    {
      channelId,
      transaction: hash,
      captured: jsonAmount(captured, token),
      refunded: jsonAmount(refunded, token),
    },
    () =>
      [
        `${showAmount(refunded, token)} came back, ${showAmount(captured, token)} went to the payee`,
        `transaction ${hash}`,
      ].join('\n'),
  )
}
