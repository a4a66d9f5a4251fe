import type { LocalAccount } from 'viem'
import { getBlock } from 'viem/actions'
import { tournamentsAddress, type Address, type Hex } from '@sluice/sdk'
import {
  tournamentActions,
  tournamentId,
  type RebuiltTournament,
  type Tournament,
  type TournamentActions,
} from '@sluice/sdk/tournament'
import type { Context } from '../command.js'
import { failure } from '../exit.js'
import { openTerms, type OpenedTerms } from '../openTerms.js'
import { loadSigner } from '../signer.js'
import { openCursor, type KeptCursor } from './cursor.js'
import type { SendOptions, TournamentOptions } from './options.js'
import { readTournamentFile } from './tournamentFile.js'

/** A tournament and the chain it is on. */
export type OpenedTournament = OpenedTerms & {
  readonly contract: Address
  readonly tournamentId: Hex
  readonly tournament: Tournament
  readonly cursor: KeptCursor
  /** Whatever only asks. */
  readonly actions: TournamentActions
}

/** A tournament, the chain it is on, and somebody who can sign. */
export type OpenedForSending = OpenedTournament & { readonly account: LocalAccount }

/**
 * Reads the tournament and reaches its chain.
 *
 * @param context the verb's
 */
export async function openTournament(context: Context<TournamentOptions>): Promise<OpenedTournament> {
  const { io, options } = context
  const {
    chainId,
    contract = tournamentsAddress,
    tournament,
  } = await readTournamentFile(io, options.tournament)
  const id = tournamentId({ chainId, contract, tournament })
  const { token } = tournament
  const opened = await openTerms(context, { id, file: options.tournament, chainId, token })
  return {
    ...opened,
    contract,
    tournamentId: id,
    tournament,
    cursor: await openCursor(io, options.tournament),
    actions: tournamentActions({ contract })(opened.connection.client),
  }
}

/**
 * Reads the tournament, reaches its chain and loads the key.
 *
 * @param context the verb's
 * @throws CommandError exit code 2 without a key, 3 for a key that everybody has on a public chain
 */
export async function openForSending(context: Context<Omit<SendOptions, 'yes'>>): Promise<OpenedForSending> {
  const opened = await openTournament(context)
  const { account, wallet } = await loadSigner(context, opened.connection)
  const actions = tournamentActions({ contract: opened.contract })(wallet)
  return { ...opened, account, actions }
}

/**
 * The tournament as its events tell it, read on from where the last command stopped.
 *
 * @param opened the tournament
 * @throws CommandError exit code 1 when it was never created
 */
export async function readEvents(opened: OpenedTournament): Promise<RebuiltTournament> {
  const { actions, cursor: kept, tournamentId: id } = opened
  const search = { tournamentIds: [id] }
  const cursor = kept.read()
  const found = await actions.findTournaments({ ...search, cursor }).catch(async (error: unknown) => {
    // What was kept is a convenience: when it is of no use, the chain is read from the beginning.
    if (cursor === undefined) throw error
    return await actions.findTournaments(search)
  })
  await kept.keep(found.cursor)
  const [known] = found.tournaments
  if (known !== undefined) return known
  throw failure(
    'This tournament was never created.',
    'Run "sluice tournament create" with the key of its host.',
  )
}

/** The second of the newest block. */
export async function chainSecond({ connection }: OpenedTournament): Promise<number> {
  return Number((await getBlock(connection.client)).timestamp)
}
