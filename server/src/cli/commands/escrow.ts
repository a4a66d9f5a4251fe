import { Command } from 'commander'
import type { Io } from '../io.js'
import { authorizeCommand } from './escrow/authorize.js'
import { captureCommand } from './escrow/capture.js'
import { chargeCommand } from './escrow/charge.js'
import { initCommand } from './escrow/init.js'
import { listCommand } from './escrow/list.js'
import { refundCommand } from './escrow/refund.js'
import { releaseCommand } from './escrow/release.js'
import { agreeCommand, settleCommand } from './escrow/settle.js'
import { showCommand } from './escrow/show.js'
import { disputeCommand, reclaimCommand, resolveCommand, voidCommand } from './escrow/simple.js'
import { ruleCommand } from './escrow/rule.js'
import { withdrawCommand } from './escrow/withdraw.js'

/** `sluice escrow` */
export function escrowCommand(io: Io): Command {
  const command = new Command('escrow')
    .summary('hold money for an order: pay, capture, refund, dispute, settle')
    .description('What payers, receivers and arbiters do with escrow orders.')
  for (const each of [
    initCommand,
    authorizeCommand,
    chargeCommand,
    captureCommand,
    voidCommand,
    reclaimCommand,
    refundCommand,
    releaseCommand,
    disputeCommand,
    ruleCommand,
    resolveCommand,
    agreeCommand,
    settleCommand,
    withdrawCommand,
    showCommand,
    listCommand,
  ]) {
    command.addCommand(each(io))
  }
  return command
}
