import type { Command } from 'commander'
import { withRpc, type CommonOptions } from '../command.js'
import { defaultTournamentName } from './tournamentFile.js'

/** What every verb about one tournament understands. */
export type TournamentOptions = CommonOptions & { readonly tournament: string }

/** What every verb that sends understands too. */
export type SendOptions = TournamentOptions & { readonly keyFile?: string; readonly yes?: boolean }

/** Adds the options of {@link TournamentOptions}. */
export function withTournament(command: Command): Command {
  return withRpc(command).option('--tournament <file>', 'the tournament', defaultTournamentName)
}

/** Adds the option of verbs that sign. */
export function withKey(command: Command): Command {
  return withTournament(command).option(
    '--key-file <file>',
    "the key that signs (default: $SLUICE_PRIVATE_KEY, else the operator's)",
  )
}

/** Adds the options of {@link SendOptions}. */
export function withSending(command: Command): Command {
  return withKey(command).option(
    '--yes',
    'send it; without, it is shown and nothing is sent unless you say yes',
  )
}
