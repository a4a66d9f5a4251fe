import type { ContractErrorName } from 'viem'
import { tournamentsErrors } from '../abi/tournamentsErrors.js'
import { badArgument, fundingVerdicts, owedVerdicts, readRevert, type Verdict } from '../chain/revert.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { stageOf } from './stages.js'

type ErrorName = ContractErrorName<typeof tournamentsErrors>

const wrongCaller = (message: string): Verdict => ({ code: 'not-allowed', message })

/** What each error of `Tournaments` means to a person; both numbers go into `details`. */
const verdicts: Readonly<Record<ErrorName, Verdict | ((values: readonly unknown[]) => Verdict)>> = {
  WrongStage: wrongStage,
  RefereeNotIndependent: badArgument('The referee must be somebody else than the host.'),
  FieldOutOfRange: badArgument(
    'A tournament needs two players or more, and a minimum not above the maximum.',
  ),
  PotTooLarge: badArgument('The pot is more than a tournament can hold.'),
  TimeOutOfRange: badArgument(
    'A deadline or window of the tournament is too early, too late, too short or too long.',
  ),
  RakeTooHigh: badArgument("The host's share is at most one half."),
  PayoutsIncomplete: badArgument('The payout table must give away exactly everything.'),
  DeadlinePassed: { code: 'deadline-passed', message: 'It is too late for that.' },
  DeadlineNotReached: {
    code: 'deadline-not-reached',
    message: 'It is too early for that.',
    action: 'wait',
    retryable: true,
  },
  CallerIsNotHost: wrongCaller('Only the host of the tournament can do this.'),
  CallerIsNotReferee: wrongCaller('Only the referee of the tournament can do this.'),
  PlayerIsZero: badArgument('No player is named.'),
  FieldIsFull: { code: 'field-full', message: 'The tournament is full.' },
  AlreadyJoined: { code: 'already-joined', message: 'This player has joined already.' },
  NotAPlayer: {
    code: 'not-a-player',
    message: 'This account does not play in the tournament, or was settled.',
  },
  SponsorshipIsZero: badArgument('The amount is zero.'),
  TooFewPlayers: {
    code: 'too-few-players',
    message: 'Too few players joined. Anyone can cancel the tournament, and everybody gets the money back.',
  },
  RankingRequired: badArgument('A field of this size is reported as a ranking.'),
  AmbiguousResult: badArgument('A result is either a ranking or a root, not both.'),
  TotalIsNotPool: badArgument('The prizes must add up to the whole prize pool.'),
  FieldIncomplete: badArgument('The list must name every player who joined.'),
  PlayersNotAscending: badArgument('Players are listed in ascending order, each once.'),
  LengthMismatch: badArgument('The list needs one entry for each player.'),
  NobodyRanked: badArgument('Somebody must have come first.'),
  RankMissing: badArgument('The ranking leaves out a rank.'),
  RankOutOfRange: badArgument('A rank is higher than there are players.'),
  InvalidConfirmation: {
    code: 'invalid-signature',
    message: 'One of the players did not sign this result.',
  },
  InvalidProof: badArgument('The result does not contain this prize.'),
  PrizeExceedsPool: badArgument('The prizes of this result are more than its pool.'),
  AlreadyPaid: { code: 'nothing-owed', message: 'This player was paid already.', action: 'resync' },
  SafeCastOverflowedUintDowncast: badArgument('The amount or time is larger than the contract can hold.'),
  ...fundingVerdicts,
  ...owedVerdicts,
}

/**
 * The error behind a revert: every error of `Tournaments`, and those of tokens and Permit2 that a payment can meet.
 *
 * @param data what the call reverted with; `0x` when the node does not tell
 * @param cause the error it was found in
 * @returns an error whose `details` give the contract's error with all its numbers
 *
 * @example
 * ```ts
 * import { encodeErrorResult } from 'viem'
 * import { tournamentsErrors } from '@sluice/sdk/abi'
 * import { revertToSluiceError } from '@sluice/sdk/tournament'
 *
 * const args = [`0x${'00'.repeat(32)}`, 8n, 8n] as const
 * const data = encodeErrorResult({ abi: tournamentsErrors, errorName: 'FieldIsFull', args })
 * console.log(revertToSluiceError(data).code) // field-full
 * ```
 */
export function revertToSluiceError(data: Hex, cause?: unknown): SluiceError {
  return readRevert({ abi: tournamentsErrors, verdicts, show: shownAs }, data, cause)
}

/** Never created, created already, or at another stage. */
function wrongStage([, found, wanted]: readonly unknown[]): Verdict {
  const [stage, needed] = [stageOf(Number(found)), stageOf(Number(wanted))]
  if (stage === 'none')
    return { code: 'unknown-tournament', message: 'There is no such tournament on this chain.' }
  if (needed === 'none') return { code: 'tournament-exists', message: 'This tournament exists already.' }
  return { code: 'wrong-stage', message: `The tournament is ${stage}, so this cannot be done.` }
}

function shownAs(errorName: string, index: number, value: unknown): string {
  return errorName === 'WrongStage' && index > 0 ? stageOf(Number(value)) : String(value)
}
