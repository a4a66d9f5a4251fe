import { Command } from 'commander'
import type { Io } from '../io.js'
import { challengeCommand } from './tournament/challenge.js'
import { claimCommand } from './tournament/claim.js'
import { confirmCommand } from './tournament/confirm.js'
import { createCommand } from './tournament/create.js'
import { drawCommand } from './tournament/draw.js'
import { initCommand } from './tournament/init.js'
import { joinCommand } from './tournament/join.js'
import { payCommand } from './tournament/pay.js'
import { refundCommand } from './tournament/refund.js'
import { reportCommand } from './tournament/report.js'
import { ruleCommand } from './tournament/rule.js'
import { showCommand } from './tournament/show.js'
import { signCommand } from './tournament/sign.js'
import { annulCommand, cancelCommand, finalizeCommand, leaveCommand } from './tournament/simple.js'
import { sponsorCommand } from './tournament/sponsor.js'
import { winCommand } from './tournament/win.js'
import { withdrawCommand } from './tournament/withdraw.js'

/** In the order in which a tournament goes. */
const verbs: readonly ((io: Io) => Command)[] = [
  initCommand,
  createCommand,
  showCommand,
  sponsorCommand,
  joinCommand,
  leaveCommand,
  drawCommand,
  winCommand,
  reportCommand,
  signCommand,
  confirmCommand,
  challengeCommand,
  ruleCommand,
  annulCommand,
  finalizeCommand,
  payCommand,
  claimCommand,
  cancelCommand,
  refundCommand,
  withdrawCommand,
]

/** `sluice tournament` */
export function tournamentCommand(io: Io): Command {
  const command = new Command('tournament')
    .summary('create, join, report, dispute and pay tournaments')
    .description('Players put a stake in, the host reports who came where, and the winners are paid.')
  for (const each of verbs) command.addCommand(each(io))
  return command
}
