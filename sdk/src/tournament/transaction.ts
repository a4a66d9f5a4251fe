import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { transact, type Mined, type WriteParameters } from '../chain/transact.js'
import { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex } from '../types.js'
import type { OfTournament } from './call.js'
import { readTournamentEvent, type TournamentEvent } from './events.js'
import { tournaments } from './product.js'
import { tournamentId } from './tournamentId.js'
import type { Tournament } from './types.js'

/** What every action takes that sends something about one tournament. */
export type SendParameters = WriteParameters & { readonly tournament: Tournament }

/** Which transaction did it. */
export type SentTransaction = {
  readonly tournamentId: Hex
  readonly hash: Hex
  readonly blockNumber: bigint
}

/** A transaction that was mined, and what its logs are about. */
export type MinedCall = Mined & {
  readonly deployment: Deployment
  readonly tournamentId: Hex
  /** Who sent it. */
  readonly sender: Address
}

/**
 * Sends one call about a tournament and waits until it succeeded.
 *
 * @param client a wallet client
 * @param parameters the terms, and how the end is awaited
 * @param build the call
 */
export async function sendCall(
  client: ChainClient,
  parameters: SendParameters,
  build: (of: OfTournament) => ContractCall,
): Promise<MinedCall> {
  const { tournament } = parameters
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, tournaments)
  const request = build({ contract: deployment.contract, tournament })
  const mined = await transact(client, account, request, tournaments, parameters)
  const id = tournamentId({ ...deployment, tournament })
  return { ...mined, deployment, tournamentId: id, sender: account.address }
}

/** Which transaction it was, for whoever asked for it. */
export function sentBy({ tournamentId: id, hash, blockNumber }: Omit<MinedCall, 'sender'>): SentTransaction {
  return { tournamentId: id, hash, blockNumber }
}

type EventOf<type extends TournamentEvent['type']> = Extract<TournamentEvent, { readonly type: type }>

/**
 * The events of a kind that a transaction has of its tournament.
 *
 * @param mined the transaction
 * @param type which events
 */
export function eventsOf<type extends TournamentEvent['type']>(
  { logs, deployment, tournamentId: id }: Omit<MinedCall, 'sender'>,
  type: type,
): readonly EventOf<type>[] {
  return logs
    .map((log) => readTournamentEvent(log, deployment))
    .filter((event): event is EventOf<type> => event?.type === type && event.tournamentId === id)
}

/**
 * The event that a transaction must have of its tournament.
 *
 * @param mined the transaction
 * @param type which event
 * @throws SluiceError `internal` when it is not there, which only a node that lies can cause
 */
export function requireEvent<type extends TournamentEvent['type']>(
  mined: Omit<MinedCall, 'sender'>,
  type: type,
): EventOf<type> {
  const [event] = eventsOf(mined, type)
  if (event !== undefined) return event
  const { hash, deployment, tournamentId: id } = mined
  throw new SluiceError({
    code: 'internal',
    message: 'The transaction was mined, but the tournament does not show it.',
    details: `transaction ${hash} has no event "${type}" of tournament ${id} from ${deployment.contract}`,
  })
}
