import { decodeErrorResult, type AbiParameter, type ContractErrorName } from 'viem'
import { tournamentsErrors } from '../abi/tournamentsErrors.js'
import { SluiceError, type SluiceErrorParameters } from '../errors.js'
import type { Hex } from '../types.js'
import { stageOf } from './stages.js'

type Verdict = Pick<SluiceErrorParameters, 'code' | 'message' | 'action' | 'retryable'>
type ErrorName = ContractErrorName<typeof tournamentsErrors>

const badTerms = (message: string): Verdict => ({ code: 'invalid-argument', message })
const badResult = badTerms
const notAllowed = (message: string): Verdict => ({ code: 'not-allowed', message })
const badToken = (message: string): Verdict => ({ code: 'wrong-token', message })

/** What each error of `Tournaments` itself means to a person; all numbers go into `details`. */
const verdicts: Readonly<Partial<Record<ErrorName, Verdict>>> = {
  RefereeNotIndependent: badTerms('The referee must be somebody else than the host.'),
  FieldOutOfRange: badTerms('A tournament needs two players or more, and a minimum not above the maximum.'),
  PotTooLarge: badTerms('The pot is more than a tournament can hold.'),
  TimeOutOfRange: badTerms(
    'A deadline or window of the tournament is too early, too late, too short or too long.',
  ),
  RakeTooHigh: badTerms("The host's share is at most one half."),
  PayoutsIncomplete: badTerms('The payout table must give away exactly everything.'),
  DeadlinePassed: { code: 'deadline-passed', message: 'It is too late for that.' },
  DeadlineNotReached: {
    code: 'deadline-not-reached',
    message: 'It is too early for that.',
    action: 'wait',
    retryable: true,
  },
  CallerIsNotHost: notAllowed('Only the host of the tournament can do this.'),
  CallerIsNotReferee: notAllowed('Only the referee of the tournament can do this.'),
  PlayerIsZero: badTerms('No player is named.'),
  FieldIsFull: { code: 'field-full', message: 'The tournament is full.' },
  AlreadyJoined: { code: 'already-joined', message: 'This player has joined already.' },
  NotAPlayer: {
    code: 'not-a-player',
    message: 'This account does not play in the tournament, or was settled.',
  },
  SponsorshipIsZero: badTerms('The amount is zero.'),
  TooFewPlayers: {
    code: 'too-few-players',
    message: 'Too few players joined. Anyone can cancel the tournament, and everybody gets the money back.',
  },
  RankingRequired: badResult('A field of this size is reported as a ranking.'),
  AmbiguousResult: badResult('A result is either a ranking or a root, not both.'),
  TotalIsNotPool: badResult('The prizes must add up to the whole prize pool.'),
  FieldIncomplete: badResult('The list must name every player who joined.'),
  PlayersNotAscending: badResult('Players are listed in ascending order, each once.'),
  LengthMismatch: badResult('The list needs one entry for each player.'),
  NobodyRanked: badResult('Somebody must have come first.'),
  RankMissing: badResult('The ranking leaves out a rank.'),
  RankOutOfRange: badResult('A rank is higher than there are players.'),
  InvalidConfirmation: {
    code: 'invalid-signature',
    message: 'One of the players did not sign this result.',
  },
  InvalidProof: badResult('The result does not contain this prize.'),
  PrizeExceedsPool: badResult('The prizes of this result are more than its pool.'),
  AlreadyPaid: { code: 'nothing-owed', message: 'This player was paid already.' },
  NothingOwed: { code: 'nothing-owed', message: 'Nothing is kept for this account.' },
  DestinationIsZero: badTerms('No destination is named.'),
  UnknownPayment: badTerms('The payment is none that the contract knows.'),
  WrongNativeValue: badTerms('The value sent is not the amount.'),
  AmountNotReceived: badToken('This token changes amounts while it moves, so it cannot be used here.'),
  BalanceUnreadable: badToken('There is no such token on this chain.'),
  SafeCastOverflowedUintDowncast: badTerms('The amount or time is larger than the contract can hold.'),
  GasTooLow: {
    code: 'transaction-reverted',
    message: 'The transaction was given too little gas.',
    action: 'retry',
    retryable: true,
  },
}

/** What is left: a token or a wallet that says no. */
const refused: Verdict = {
  code: 'transaction-reverted',
  message: 'The payment was refused. Nothing was charged.',
}

/**
 * The error behind a revert of `Tournaments`.
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
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: tournamentsErrors, data })
    const inputs: readonly AbiParameter[] = abiItem.inputs
    // viem leaves `args` out, against its own types, when the error has none.
    const values: readonly unknown[] = inputs.length === 0 ? [] : args
    const shown = values.map(
      (value, index) => `${inputs[index]?.name ?? index}: ${shownAs(errorName, index, value)}`,
    )
    const details = `${errorName}(${shown.join(', ')})`
    return new SluiceError({ ...verdictOf(errorName, values), details, cause })
  } catch {
    return new SluiceError({ ...refused, details: `revert data ${data}`, cause })
  }
}

function verdictOf(errorName: ErrorName, values: readonly unknown[]): Verdict {
  if (errorName !== 'WrongStage') return verdicts[errorName] ?? refused
  const [stage, needed] = values.slice(1).map((value) => stageOf(Number(value)))
  if (stage === 'none')
    return { code: 'unknown-tournament', message: 'There is no such tournament on this chain.' }
  if (needed === 'none') return { code: 'tournament-exists', message: 'This tournament exists already.' }
  return { code: 'wrong-stage', message: `The tournament is ${String(stage)}, so this cannot be done.` }
}

function shownAs(errorName: ErrorName, index: number, value: unknown): string {
  return errorName === 'WrongStage' && index > 0 ? stageOf(Number(value)) : String(value)
}
