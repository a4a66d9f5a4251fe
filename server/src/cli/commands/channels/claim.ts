import type { Command } from 'commander'
import type { Hex } from '@sluice/sdk'
import { withSide } from '../../channels/side.js'
import { channelIdText, contextOf, verb } from '../../command.js'
import type { Io } from '../../io.js'
import { settleCommand, type SettleOptions } from '../../settling/command.js'

/** `sluice channels claim` */
export function claimCommand(io: Io): Command {
  return withSide(
    verb({
      name: 'claim',
      summary: 'bring what viewers have paid to the payee',
      description:
        'Claims what vouchers grant, in batches; the channels stay open. Shows what it would send and asks. When it is ' +
        'interrupted, run it again: what was sent is followed, never sent twice.',
      examples: [
        ['sluice channels claim --all --dry-run', 'only show it'],
        ['sluice channels claim --all --yes', 'without asking'],
        ['sluice channels claim 0x12ab34 0x56cd78', 'two channels'],
      ],
    }),
  )
    .argument('[id...]', 'ids, or the beginnings of them', collectIds, [])
    .option('--all', 'every channel with something to claim')
    .option('--dry-run', 'send nothing')
    .option('--yes', 'do not ask')
    .action(async (ids: readonly Hex[], options: SettleOptions) => {
      await settleCommand(contextOf(io, options), 'claim', ids)
    })
}

/** Reads one more id of a list of arguments. */
export function collectIds(text: string, before: readonly Hex[]): readonly Hex[] {
  return [...before, channelIdText(text)]
}
