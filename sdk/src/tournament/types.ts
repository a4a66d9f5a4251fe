import type { Address, Hex } from '../types.js'

/** The terms of a tournament, fixed for its whole life. Amounts are base units, times are seconds since 1970. */
export type Tournament = {
  /** Creates it, reports the result, receives the rake and its bond back. */
  readonly host: Address
  /** An ERC-20 token; zero for the chain's native coin. */
  readonly token: Address
  /** Decides disputes; neither zero nor the host. */
  readonly referee: Address
  /** What each player puts in; may be zero. */
  readonly stake: bigint
  /** What the host puts in; the players' when no result comes in time. */
  readonly bond: bigint
  /** What a challenger puts in; the host's when the result is upheld. */
  readonly challengeBond: bigint
  /** For each winner that somebody pays, out of the rake. */
  readonly keeperReward: bigint
  /** Without which it does not start; at least two. */
  readonly minimumPlayers: number
  readonly maximumPlayers: number
  /** From this second on nobody joins, leaves or sponsors. */
  readonly joinDeadline: number
  /** From this second on no result is accepted. */
  readonly resultDeadline: number
  /** How long a result may be challenged, seconds. */
  readonly challengeWindow: number
  /** How long the referee has, seconds. */
  readonly rulingWindow: number
  /** The host's share of the stakes, basis points. */
  readonly rake: number
  /** Hash of the rules as players were shown them. */
  readonly rulesHash: Hex
  /** 32 bytes that distinguish tournaments with otherwise equal terms. */
  readonly salt: Hex
  /** What each rank receives of the prize pool, basis points, 10,000 in all. */
  readonly payouts: readonly number[]
}

/**
 * - `none`: never created, as far as this block knows
 * - `open`: players join and leave until the join deadline, then the host reports
 * - `reported`: a result stands and may be challenged
 * - `disputed`: the referee decides
 * - `final`: winners are paid
 * - `paid`: everything has gone out
 * - `refunding`: players and sponsors get back what they put in
 * - `abandoned`: prizes that nobody could prove are shared among the players who got none
 */
export type TournamentStage =
  'none' | 'open' | 'reported' | 'disputed' | 'final' | 'paid' | 'refunding' | 'abandoned'

/**
 * - `none`: does not play
 * - `joined`: plays, and got neither prize nor refund yet
 * - `settled`: got its prize or its refund
 */
export type Seat = 'none' | 'joined' | 'settled'

/** Why a tournament ended without its prizes. */
export type CancelReason =
  'host-cancelled' | 'too-few-players' | 'no-result' | 'no-ruling' | 'annulled' | 'prizes-unclaimed'

/** What the contract knows of a tournament. */
export type TournamentState = {
  readonly stage: TournamentStage
  /** Who have joined and not left. */
  readonly players: number
  /** Second of the last change of stage after the start; 0 before. */
  readonly changedAt: number
  /** Players who got their prize. */
  readonly settled: number
  /** Base units from sponsors. */
  readonly sponsored: bigint
  /** Prizes not paid yet; zero before the result is final. */
  readonly unpaid: bigint
  /** Of the rake, not yet paid to keepers or the host. */
  readonly rakeLeft: bigint
  /** What each player who got nothing yet receives when refunded. */
  readonly share: bigint
  /** Who disputed the result; zero: nobody. */
  readonly challenger: Address
  /** Root of the result's prizes. */
  readonly root: Hex
}

/** A player's rank: 1 is best, equal ranks tie and use up as many places, 0 did not show up. */
export type Placing = { readonly player: Address; readonly rank: number }

/** What one player wins, base units. */
export type Prize = { readonly player: Address; readonly amount: bigint }

/** A prize and the hashes that prove it to the contract. */
export type ProvenPrize = Prize & { readonly proof: readonly Hex[] }
