import { Option, type Command } from 'commander'
import { withRpc } from '../command.js'
import type { PayerOptions } from './payerChannels.js'

/** Whose channels a command is about: those of the payee's database, or those this machine pays. */
export type SideOptions = PayerOptions & { readonly as: 'payee' | 'payer' }

/** Adds `--as`, and what payers need. */
export function withSide(command: Command, side: 'payee' | 'payer' = 'payee'): Command {
  return withRpc(command)
    .addOption(new Option('--as <side>', 'whose channels').choices(['payee', 'payer']).default(side))
    .option('--home <folder>', "the payer's files (default: ~/.sluice, or $SLUICE_HOME)")
    .option('--key-file <file>', 'the key that signs transactions (default: $SLUICE_PRIVATE_KEY)')
}
