import type { Log } from 'viem'
import type { Address, Deployment, Hex } from '../types.js'
import { readTournamentEvent, type TournamentEvent } from './events.js'
import type { TournamentResult } from './result.js'
import type { CancelReason, Tournament, TournamentStage } from './types.js'

/** A tournament as its events tell it. Amounts in base units, times in seconds, people in lower case. */
export type RebuiltTournament = {
  readonly tournamentId: Hex
  readonly tournament: Tournament
  readonly stage: TournamentStage
  /** Who has joined and not left, and who paid the stake. */
  readonly players: Readonly<Record<Address, Address>>
  /** What each sponsor gave. */
  readonly sponsors: Readonly<Record<Address, bigint>>
  /** The result that stands, as it was reported or ruled. */
  readonly result?: TournamentResult
  /** Of that result's prizes. */
  readonly root?: Hex
  /** From this second on nobody can challenge the result. */
  readonly finalizableAt?: number
  /** Who disputed the result. */
  readonly challenger?: Address
  /** From this second on the referee is too late. */
  readonly rulingDeadline?: number
  /** Whether the referee upheld what the host had reported. */
  readonly upheld?: boolean
  /** What goes to the winners of a final result. */
  readonly pool?: bigint
  /** What goes to keepers and host of a final result. */
  readonly rake?: bigint
  /** Prizes paid, by winner. */
  readonly prizes: Readonly<Record<Address, bigint>>
  /** Paid out of the rake, by keeper. */
  readonly rewards: Readonly<Record<Address, bigint>>
  /** Why it ended without its prizes. */
  readonly reason?: CancelReason
  /** What each player still to be settled gets back. */
  readonly share?: bigint
  /** Stakes, compensation and sponsor money sent back, by account. */
  readonly refunds: Readonly<Record<Address, bigint>>
}

/** Tournaments by id; plain data, to be kept and passed on with the next blocks. */
export type RebuiltTournaments = Readonly<Record<Hex, RebuiltTournament>>

/**
 * Goes on rebuilding tournaments from the contract's logs: pass what the last call returned, and the logs since. The
 * terms stand in the event that created a tournament, and are checked against their own hash.
 *
 * @param before what was rebuilt so far; `{}` at first
 * @param logs in the order of the chain, from `eth_getLogs` or viem's `getLogs`
 * @param deployment where the contract is; logs of others are ignored
 *
 * @example
 * ```ts
 * import type { Log } from 'viem'
 * import { rebuildTournaments } from '@sluice/sdk/tournament'
 *
 * const open = (logs: readonly Log[], contract: `0x${string}`) =>
 *   Object.values(rebuildTournaments({}, logs, { chainId: 8453, contract })).filter(({ stage }) => stage === 'open')
 * ```
 */
export function rebuildTournaments(
  before: RebuiltTournaments,
  logs: readonly Log[],
  deployment: Deployment,
): RebuiltTournaments {
  const next: Record<Hex, RebuiltTournament> = { ...before }
  const drafts = new Map<Hex, Draft>()
  for (const log of logs) {
    const event = readTournamentEvent(log, deployment)
    if (event === undefined) continue
    const { tournamentId: id } = event
    const known = drafts.get(id) ?? next[id]
    if (event.type === 'created') {
      if (known === undefined) drafts.set(id, draftOf(created(id, event.tournament)))
    } else if (known !== undefined) {
      const draft = drafts.get(id) ?? draftOf(known)
      drafts.set(id, draft)
      change(draft, event)
    }
  }
  for (const [id, draft] of drafts) next[id] = draft
  return next
}

/** A copy that may be changed, so that a field of ten thousand is copied once a call and not once an event. */
type Draft = Omit<{ -readonly [key in keyof RebuiltTournament]: RebuiltTournament[key] }, Ledger> & {
  players: Record<Address, Address>
} & Record<Exclude<Ledger, 'players'>, Record<Address, bigint>>

type Ledger = 'players' | 'sponsors' | 'prizes' | 'rewards' | 'refunds'

function created(tournamentId: Hex, tournament: Tournament): RebuiltTournament {
  const nobody = { players: {}, sponsors: {}, prizes: {}, rewards: {}, refunds: {} }
  return { tournamentId, tournament, stage: 'open', ...nobody }
}

function draftOf(known: RebuiltTournament): Draft {
  const { players, sponsors, prizes, rewards, refunds } = known
  return {
    ...known,
    players: { ...players },
    sponsors: { ...sponsors },
    prizes: { ...prizes },
    rewards: { ...rewards },
    refunds: { ...refunds },
  }
}

function change(draft: Draft, event: Exclude<TournamentEvent, { readonly type: 'created' }>): void {
  switch (event.type) {
    case 'joined':
      draft.players[lower(event.player)] = lower(event.payer)
      break
    case 'left':
      draft.players = without(draft.players, lower(event.player))
      break
    case 'sponsored':
      add(draft.sponsors, event.sponsor, event.amount)
      break
    case 'reported':
      draft.stage = 'reported'
      draft.root = event.root
      draft.result = event.result
      draft.finalizableAt = event.finalizableAt
      break
    case 'challenged':
      draft.stage = 'disputed'
      draft.challenger = lower(event.challenger)
      draft.rulingDeadline = event.rulingDeadline
      break
    case 'ruled':
      draft.root = event.root
      draft.result = event.result
      draft.upheld = event.upheld
      break
    case 'finalized':
      draft.stage = 'final'
      draft.pool = event.pool
      draft.rake = event.rake
      break
    case 'prize-paid':
      add(draft.prizes, event.player, event.amount)
      break
    case 'keeper-rewarded':
      add(draft.rewards, event.keeper, event.amount)
      break
    case 'paid':
      draft.stage = 'paid'
      break
    case 'cancelled':
      draft.stage = event.reason === 'prizes-unclaimed' ? 'abandoned' : 'refunding'
      draft.reason = event.reason
      draft.share = event.share
      break
    case 'refunded':
      add(draft.refunds, event.account, event.amount)
      break
  }
}

function add(amounts: Record<Address, bigint>, account: Address, amount: bigint): void {
  const key = lower(account)
  amounts[key] = (amounts[key] ?? 0n) + amount
}

function without(players: Record<Address, Address>, player: Address): Record<Address, Address> {
  return Object.fromEntries(Object.entries(players).filter(([key]) => key !== player))
}

function lower(address: Address): Address {
  return address.toLowerCase() as Address
}
