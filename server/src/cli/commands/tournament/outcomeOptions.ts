import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { addressText } from '../../command.js'
import { withBracket } from '../../tournaments/bracketFile.js'

/** Adds the options that say where a result comes from. */
export function withOutcome(command: Command): Command {
  return withBracket(command)
    .option('--ranking <file>', 'a line for each player: its rank and its address; 0 did not show up')
    .option('--prizes <file>', 'for more than 64 players, a line for each winner: its prize and its address')
    .option('--order <addresses>', 'best first, with commas; whoever is left out did not show up', addresses)
    .option('--absent <addresses>', 'of the bracket, who did not show up', addresses)
}

function addresses(text: string): readonly Address[] {
  return text.split(',').map((each) => addressText(each.trim()))
}
