import type { Command } from 'commander'
import { payeeRows, readRecords } from '../../channels/payeeChannels.js'
import { payerRows, readPayerRecords } from '../../channels/payerChannels.js'
import { claimable, jsonRow, layoutRows, showSums, type ChannelRow } from '../../channels/row.js'
import { withSide, type SideOptions } from '../../channels/side.js'
import { contextOf, verb, type Context } from '../../command.js'
import { loadConfig } from '../../config.js'
import type { Io } from '../../io.js'

type ListOptions = SideOptions & { readonly all?: boolean }

/** `sluice channels list` */
export function listCommand(io: Io): Command {
  return withSide(
    verb({
      name: 'list',
      summary: 'all channels that are not closed',
      description: 'Reads the database, beside a running server, and the chain.',
      examples: [
        ['sluice channels list', 'what viewers have paid'],
        ['sluice channels list --all --json', 'closed ones too, exact amounts'],
        ['sluice channels list --as payer', 'what you pay'],
      ],
    }),
  )
    .option('--all', 'closed ones too')
    .action(async (options: ListOptions) => {
      await list(contextOf(io, options))
    })
}

async function list(context: Context<ListOptions>): Promise<void> {
  const { output, options } = context
  const rows = options.as === 'payer' ? await payer(context) : await payee(context)
  const shown = rows.filter(({ status }) => options.all === true || status !== 'closed')
  output.result({ channels: shown.map(jsonRow) }, () => {
    if (shown.length === 0)
      return options.all === true ? 'No channels.' : 'No open channels (--all shows closed ones).'
    const open = showSums(shown.map((row) => ({ amount: claimable(row), token: row.token })))
    return [layoutRows(shown, options.as), '', `${shown.length} channels, ${open} can be claimed`].join('\n')
  })
}

async function payee({ io, output, options }: Context<ListOptions>): Promise<readonly ChannelRow[]> {
  const config = await loadConfig(io, options)
  return payeeRows(config, await readRecords(config), output)
}

async function payer(context: Context<ListOptions>): Promise<readonly ChannelRow[]> {
  return payerRows(context, await readPayerRecords(context))
}
