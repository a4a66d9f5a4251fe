import { Command } from 'commander'
import type { Io } from '../io.js'
import { createCommand } from './plan/create.js'
import { initCommand } from './plan/init.js'
import { lowerCommand } from './plan/lower.js'
import { showCommand } from './plan/show.js'

/** `sluice plan` */
export function planCommand(io: Io): Command {
  const command = new Command('plan')
    .summary('write, publish and show a subscription plan')
    .description('What a merchant offers to subscribers.')
  for (const each of [initCommand, createCommand, showCommand, lowerCommand]) command.addCommand(each(io))
  return command
}
