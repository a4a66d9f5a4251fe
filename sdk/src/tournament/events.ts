import { decodeEventLog, encodeEventTopics, type Log } from 'viem'
import { tournamentsEvents } from '../abi/tournamentsEvents.js'
import type { Address, Deployment, Hex } from '../types.js'
import { decodeTerms } from './encoding.js'
import type { TournamentResult } from './result.js'
import { cancelReasonOf } from './stages.js'
import { tournamentId } from './tournamentId.js'
import type { CancelReason, Tournament } from './types.js'

/** What happened to a tournament. Amounts in base units, times in seconds. */
export type TournamentEvent = { readonly tournamentId: Hex } & (
  | { readonly type: 'created'; readonly tournament: Tournament }
  | { readonly type: 'joined'; readonly player: Address; readonly payer: Address }
  | { readonly type: 'left'; readonly player: Address }
  | { readonly type: 'sponsored'; readonly sponsor: Address; readonly amount: bigint }
  | {
      readonly type: 'reported'
      readonly root: Hex
      readonly finalizableAt: number
      readonly result: TournamentResult
    }
  | { readonly type: 'challenged'; readonly challenger: Address; readonly rulingDeadline: number }
  | {
      readonly type: 'ruled'
      readonly upheld: boolean
      readonly root: Hex
      readonly result: TournamentResult
    }
  | { readonly type: 'finalized'; readonly root: Hex; readonly pool: bigint; readonly rake: bigint }
  | { readonly type: 'prize-paid'; readonly player: Address; readonly amount: bigint }
  | { readonly type: 'keeper-rewarded'; readonly keeper: Address; readonly amount: bigint }
  | { readonly type: 'paid'; readonly rake: bigint }
  | { readonly type: 'cancelled'; readonly reason: CancelReason; readonly share: bigint }
  | { readonly type: 'refunded'; readonly account: Address; readonly amount: bigint }
)

const names = [
  'TournamentCreated',
  'PlayerJoined',
  'PlayerLeft',
  'TournamentSponsored',
  'ResultSubmitted',
  'ResultChallenged',
  'DisputeRuled',
  'TournamentFinalized',
  'PrizePaid',
  'KeeperRewarded',
  'TournamentPaid',
  'TournamentCancelled',
  'Refunded',
] as const

/** The first topics of all events about a tournament, whose id is their second topic. */
export const tournamentEventTopics: readonly Hex[] = names.map(topicOf)

/** The first topics by which tournaments of an account are found. */
export const createdTopic: Hex = topicOf('TournamentCreated')
export const joinedTopic: Hex = topicOf('PlayerJoined')
export const sponsoredTopic: Hex = topicOf('TournamentSponsored')

function topicOf(eventName: (typeof names)[number]): Hex {
  return encodeEventTopics({ abi: tournamentsEvents, eventName })[0]
}

/**
 * Reads one log. Undefined when it is none of these events, is another contract's, or names terms whose hash is not its
 * id, which only a node that lies can produce.
 *
 * @param log of any contract
 * @param deployment where the contract lives
 */
export function readTournamentEvent(log: Log, deployment: Deployment): TournamentEvent | undefined {
  if (log.address.toLowerCase() !== deployment.contract.toLowerCase()) return undefined
  const event = decode(log)
  switch (event?.eventName) {
    case 'TournamentCreated': {
      const tournament = decodeTerms(event.args.terms)
      if (tournamentId({ ...deployment, tournament }) !== event.args.tournamentId) return undefined
      return { type: 'created', tournamentId: event.args.tournamentId, tournament }
    }
    case 'PlayerJoined':
      return { type: 'joined', ...event.args }
    case 'PlayerLeft':
      return { type: 'left', ...event.args }
    case 'TournamentSponsored':
      return { type: 'sponsored', ...event.args }
    case 'ResultSubmitted':
      return { type: 'reported', ...event.args, finalizableAt: Number(event.args.finalizableAt) }
    case 'ResultChallenged':
      return { type: 'challenged', ...event.args, rulingDeadline: Number(event.args.rulingDeadline) }
    case 'DisputeRuled':
      return { type: 'ruled', ...event.args }
    case 'TournamentFinalized':
      return { type: 'finalized', ...event.args }
    case 'PrizePaid':
      return { type: 'prize-paid', ...event.args }
    case 'KeeperRewarded':
      return { type: 'keeper-rewarded', ...event.args }
    case 'TournamentPaid':
      return { type: 'paid', ...event.args }
    case 'TournamentCancelled':
      return { type: 'cancelled', ...event.args, reason: cancelReasonOf(event.args.reason) }
    case 'Refunded':
      return { type: 'refunded', ...event.args }
    default:
      return undefined
  }
}

function decode({ data, topics }: Log) {
  try {
    return decodeEventLog({ abi: tournamentsEvents, data, topics })
  } catch {
    return undefined
  }
}
