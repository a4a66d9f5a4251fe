import { Command } from 'commander'
import type { Io } from '../io.js'
import { changeCommand } from './subscription/change.js'
import { chargeCommand } from './subscription/charge.js'
import { keepCommand } from './subscription/keep.js'
import { listCommand } from './subscription/list.js'
import { cancelCommand, pauseCommand, resumeCommand } from './subscription/manage.js'
import { showCommand } from './subscription/show.js'
import { subscribeCommand } from './subscription/subscribe.js'

/** `sluice subscription` */
export function subscriptionCommand(io: Io): Command {
  const command = new Command('subscription')
    .summary('subscribe, charge what is due, pause, change and leave')
    .description('What subscribers, merchants and keepers do with subscriptions.')
  for (const each of [
    subscribeCommand,
    showCommand,
    listCommand,
    chargeCommand,
    pauseCommand,
    resumeCommand,
    cancelCommand,
    changeCommand,
    keepCommand,
  ]) {
    command.addCommand(each(io))
  }
  return command
}
