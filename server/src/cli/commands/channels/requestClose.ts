import type { Command } from 'commander'
import { requestClose } from '@sluice/sdk/channel'
import type { Hex } from '@sluice/sdk'
import { showMoment } from '../../amounts.js'
import { payerOf } from '../../channels/payerChannels.js'
import { withSide, type SideOptions } from '../../channels/side.js'
import { channelIdText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { confirmSpending } from '../../safety.js'

type RequestCloseOptions = SideOptions & { readonly yes?: boolean }

/** `sluice channels request-close` */
export function requestCloseCommand(io: Io): Command {
  return withSide(
    verb({
      name: 'request-close',
      summary: 'ask the chain for your money back when the payee is silent',
      description:
        'Starts the grace period of a channel you pay. When it is over, "sluice channels withdraw" brings the rest ' +
        'back, without the payee. Until then the payee can still claim what you signed.',
      examples: [['sluice channels request-close 0x12ab34 --as payer', 'with the key that paid the deposit']],
    }),
    'payer',
  )
    .argument('<id>', "the channel's id, or the beginning of it", channelIdText)
    .option('--yes', 'do not ask on a public chain')
    .action(async (id: Hex, options: RequestCloseOptions) => {
      await run(contextOf(io, options), id)
    })
}

async function run(context: Context<RequestCloseOptions>, id: Hex): Promise<void> {
  const { io, output, options } = context
  const { payer, record } = await payerOf(context, id)
  const { channelId, contract, channel, chainId } = record
  await confirmSpending(io, chainId, `Ask to close ${channelId}?`, options.yes === true)
  const { hash, withdrawableAt } = await requestClose(payer.wallet, { contract, channel })
  output.result({ channelId, transaction: hash, withdrawableAt }, () =>
    [
      `Asked. From ${showMoment(withdrawableAt)} on: sluice channels withdraw ${channelId} --as payer`,
      `transaction ${hash}`,
    ].join('\n'),
  )
}
