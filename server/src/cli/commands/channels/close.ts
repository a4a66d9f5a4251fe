import type { Command } from 'commander'
import type { Hex } from '@sluice/sdk'
import { jsonAmount, shortHex, showAmount } from '../../amounts.js'
import { payerOf, payerRows, readPayerRecords } from '../../channels/payerChannels.js'
import { captured, type ChannelRow } from '../../channels/row.js'
import { select } from '../../channels/select.js'
import { withSide } from '../../channels/side.js'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { requireYes } from '../../prompts.js'
import { settleCommand, type SettleOptions } from '../../settling/command.js'
import { collectIds } from './claim.js'

/** `sluice channels close` */
export function closeCommand(io: Io): Command {
  return withSide(
    verb({
      name: 'close',
      summary: 'end channels at what was delivered; the rest goes back to the payers',
      description:
        'Ends channels for ever: the payee gets what was delivered and paid, the payer the rest, at once. Shows what it ' +
        'would send and asks. With --as payer it asks the payee to close; when the payee is silent: request-close.',
      examples: [
        ['sluice channels close --all --yes', 'at the end of an event'],
        ['sluice channels close 0x12ab34', 'one channel'],
        ['sluice channels close 0x12ab34 --as payer', 'end your own channel together with the payee'],
      ],
    }),
  )
    .argument('[id...]', 'ids, or the beginnings of them', collectIds, [])
    .option('--all', 'every open channel')
    .option('--dry-run', 'send nothing')
    .option('--yes', 'do not ask')
    .action(async (ids: readonly Hex[], options: SettleOptions) => {
      const context = contextOf(io, options)
      if (options.as === 'payer') await closeAsPayer(context, ids)
      else await settleCommand(context, 'close', ids)
    })
}

async function closeAsPayer(context: Context<SettleOptions>, ids: readonly Hex[]): Promise<void> {
  const { io, output, options } = context
  const rows = await payerRows(context, await readPayerRecords(context))
  const open = rows.filter(({ status }) => status === 'open')
  const chosen = select(open, rows, { ids, all: options.all === true })
  for (const row of chosen) output.progress(describe(row))
  if (options.dryRun === true) {
    output.result(
      { status: 'planned', channels: chosen.map(({ channelId }) => channelId) },
      () => 'Nothing was sent.',
    )
    return
  }
  await requireYes(io, `Close ${chosen.length} channels?`, options.yes === true)
  const ended: { readonly row: ChannelRow; readonly paid: bigint; readonly refunded: bigint }[] = []
  for (const row of chosen) {
    const { payer } = await payerOf(context, row.channelId)
    const stream = await payer.sluice.resume(row.channelId)
    try {
      const { captured: paid, refunded } = await stream.stop()
      ended.push({ row, paid, refunded })
    } finally {
      stream.leave()
    }
  }
  output.result(
    {
      status: 'done',
      channels: ended.map(({ row, paid, refunded }) => ({
        channelId: row.channelId,
        captured: jsonAmount(paid, row.token),
        refunded: jsonAmount(refunded, row.token),
      })),
    },
    () =>
      ended
        .map(({ row, paid, refunded }) => {
          return `${shortHex(row.channelId)}: ${showAmount(paid, row.token)} paid, ${showAmount(refunded, row.token)} came back`
        })
        .join('\n'),
  )
}

function describe(row: ChannelRow): string {
  const back = row.deposited - captured(row)
  return `${shortHex(row.channelId)} to ${shortHex(row.peer)}: about ${showAmount(back, row.token)} would come back`
}
