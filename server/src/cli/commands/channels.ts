import { Command } from 'commander'
import type { Io } from '../io.js'
import { claimCommand } from './channels/claim.js'
import { closeCommand } from './channels/close.js'
import { listCommand } from './channels/list.js'
import { requestCloseCommand } from './channels/requestClose.js'
import { viewCommand } from './channels/view.js'
import { withdrawCommand } from './channels/withdraw.js'

/** `sluice channels` */
export function channelsCommand(io: Io): Command {
  const command = new Command('channels')
    .summary('list, view, claim and close channels; get money back')
    .description("A payee's channels, or with --as payer your own.")
  for (const each of [
    listCommand,
    viewCommand,
    claimCommand,
    closeCommand,
    requestCloseCommand,
    withdrawCommand,
  ]) {
    command.addCommand(each(io))
  }
  return command
}
