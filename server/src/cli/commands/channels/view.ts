import type { Command } from 'commander'
import type { Hex } from '@sluice/sdk'
import type { StoredTip } from '@sluice/sdk/session'
import { jsonAmount, showAmount, showMoment } from '../../amounts.js'
import { payeeRows, withStore } from '../../channels/payeeChannels.js'
import { payerRows, readPayerRecords } from '../../channels/payerChannels.js'
import { claimable, jsonRow, type ChannelRow } from '../../channels/row.js'
import { findOne } from '../../channels/select.js'
import { withSide, type SideOptions } from '../../channels/side.js'
import { channelIdText, contextOf, verb, type Context } from '../../command.js'
import { loadConfig } from '../../config.js'
import type { Io } from '../../io.js'
import { layoutPairs } from '../../table.js'
import { plain } from '../../watching/meterView.js'
import type { OutboxEntry } from '../../../settlement/outbox.js'

type Found = {
  readonly row: ChannelRow
  readonly tips: readonly StoredTip[]
  readonly transactions: readonly OutboxEntry[]
}

/** `sluice channels view` */
export function viewCommand(io: Io): Command {
  return withSide(
    verb({
      name: 'view',
      summary: 'everything about one channel',
      examples: [['sluice channels view 0x12ab34', 'the first digits of the id are enough']],
    }),
  )
    .argument('<id>', "the channel's id, or the beginning of it", channelIdText)
    .action(async (id: Hex, options: SideOptions) => {
      await view(contextOf(io, options), id)
    })
}

async function view(context: Context<SideOptions>, id: Hex): Promise<void> {
  const { row, tips, transactions } =
    context.options.as === 'payer' ? await payer(context, id) : await payee(context, id)
  const { channel, token } = row
  context.output.result(
    {
      ...jsonRow(row),
      terms: channel,
      tips: tips.map((tip) => ({ ...tip, amount: jsonAmount(tip.amount, token) })),
      transactions: transactions.map(({ status, attempts, purpose }) => ({
        kind: purpose.kind,
        status,
        hash: attempts.at(-1)?.hash,
      })),
    },
    () =>
      [
        layoutPairs([
          ['channel', row.channelId],
          ['status', row.fresh ? row.status : `${row.status} (the chain was not reached)`],
          ['payer', channel.payer],
          ['payee', channel.payee],
          ['operator', channel.operator],
          ['signer', channel.signer],
          ['token', `${token.symbol} ${token.address}`],
          ['deposited', showAmount(row.deposited, token)],
          ['vouchers', showAmount(row.vouchers, token)],
          ['spent', showAmount(row.spent, token)],
          ['claimed', showAmount(row.claimed, token)],
          ['claimable', showAmount(claimable(row), token)],
          [
            'rate',
            channel.rate === 0n
              ? 'no bound'
              : `${showAmount(channel.rate, token)} a second above ${showAmount(channel.burst, token)}`,
          ],
          ['grace', `${channel.grace} seconds`],
          ...(row.withdrawableAt === undefined
            ? []
            : [['withdrawable', showMoment(row.withdrawableAt)] as const]),
        ]),
        ...tips.map((tip) =>
          `tip  ${showAmount(tip.amount, token)}  ${showMoment(tip.atMs / 1000)}  ${plain(tip.message)}`.trimEnd(),
        ),
        ...transactions.map(
          ({ purpose, status, attempts }) => `${purpose.kind}  ${status}  ${attempts.at(-1)?.hash ?? ''}`,
        ),
      ].join('\n'),
  )
}

async function payee({ io, output, options }: Context<SideOptions>, id: Hex): Promise<Found> {
  const config = await loadConfig(io, options)
  const found = await withStore(config, async (store) => {
    const record = findOne(await store.listAll(), id)
    const entries = [...(await store.outbox.finished(0)), ...(await store.outbox.open())]
    const transactions = entries.filter(({ purpose }) =>
      purpose.channels.some(({ channelId }) => channelId === record.channelId),
    )
    return { record, transactions, tips: await store.tips(record.channelId) }
  })
  const [row] = await payeeRows(config, [found.record], output)
  return { ...found, row: row ?? impossible() }
}

async function payer(context: Context<SideOptions>, id: Hex): Promise<Found> {
  const record = findOne(await readPayerRecords(context), id)
  const [row] = await payerRows(context, [record])
  return { row: row ?? impossible(), tips: [], transactions: [] }
}

function impossible(): never {
  throw new Error('one record makes one row')
}
