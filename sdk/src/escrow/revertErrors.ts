import type { ContractErrorName } from 'viem'
import { escrowErrors } from '../abi/escrowErrors.js'
import { badArgument, fundingVerdicts, owedVerdicts, readRevert, type Verdict } from '../chain/revert.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'

const wrongCaller = (message: string): Verdict => ({ code: 'not-allowed', message })
const tooMuch = (message: string): Verdict => ({ code: 'amount-exceeds-order', message, action: 'resync' })
const nothingHeld = (message: string): Verdict => ({ code: 'nothing-held', message, action: 'resync' })
const tooLate = (message: string): Verdict => ({ code: 'deadline-passed', message })
const tooEarly = (message: string): Verdict => ({
  code: 'deadline-not-reached',
  message,
  action: 'wait',
  retryable: true,
})

/** What each error of `Escrow` means to a person; both numbers go into `details`. */
export const escrowVerdicts: Readonly<Record<ContractErrorName<typeof escrowErrors>, Verdict>> = {
  PayerIsZero: badArgument('The order names no payer.'),
  ReceiverIsZero: badArgument('The order names no receiver.'),
  FeeRecipientIsZero: badArgument('The order has a fee and nobody to receive it.'),
  FeeRangeInvalid: badArgument("The range of the order's fee is empty or goes beyond the whole."),
  ShareTooLarge: badArgument("The receiver's share of a dispute is more than the whole."),
  RefundDeadlineTooEarly: badArgument('The refund deadline lies before the capture deadline.'),
  WindowTooLong: badArgument('A window of the order is longer than 90 days.'),
  DeadlineTooLate: badArgument('The order would end later than the contract can count.'),
  DisputeWindowIsZero: badArgument('An arbiter or milestones need a dispute window.'),
  AmountIsZero: badArgument('The amount is zero.'),
  AmountBelowMilestones: badArgument('An order with milestones is paid whole.'),
  FeeOutOfRange: badArgument("The fee lies outside the order's range."),
  NoMilestones: badArgument('The order has no milestones.'),
  MilestoneNotCurrent: badArgument('Another milestone is the current one.'),
  OrderAlreadyAuthorized: { code: 'order-exists', message: 'This order was paid already.' },
  OrderNotAuthorized: { code: 'unknown-order', message: 'This order was never paid.' },
  PaymentNotFromPayer: wrongCaller("Only the payer's own money pays this order. Nothing was charged."),
  CallerIsNotPayer: wrongCaller('Only the payer can do this.'),
  CallerIsNotReceiver: wrongCaller('Only the receiver or its operator can do this.'),
  CallerIsNoParty: wrongCaller('Only the payer, the receiver or its operator can do this.'),
  CallerIsNotArbiter: wrongCaller('Only the arbiter can do this.'),
  AmountExceedsMaximum: tooMuch('The amount is more than the order allows.'),
  AmountExceedsAuthorized: tooMuch('More was asked for than the order holds.'),
  AmountExceedsMilestone: tooMuch('More was asked for than is left of the milestone.'),
  RefundExceedsCaptured: tooMuch('More was to be refunded than was captured.'),
  SplitMismatch: badArgument('The two parts do not add up to what is to be split.'),
  MilestoneNotReleased: {
    code: 'deadline-not-reached',
    message: 'The milestone before is not released yet.',
    action: 'wait',
    retryable: true,
  },
  NothingAuthorized: nothingHeld('Nothing of this order is left to capture or give back.'),
  NothingPending: nothingHeld('Nothing of this order is waiting for release.'),
  NothingDisputed: nothingHeld('Nothing of this order is disputed.'),
  NothingHeld: nothingHeld('This order holds nothing any more.'),
  CaptureTooLate: tooLate('The capture deadline has passed.'),
  RefundTooLate: tooLate('The refund deadline has passed.'),
  DisputeTooLate: tooLate('The time for a dispute is over.'),
  RulingTooLate: tooLate("The arbiter's time is over."),
  SettlementExpired: {
    code: 'permit-expired',
    message: 'The agreement has expired. Please sign again.',
    action: 'retry',
    retryable: true,
  },
  ReclaimTooEarly: tooEarly('The receiver can still capture this order.'),
  ReleaseTooEarly: tooEarly('The time for a dispute is not over yet.'),
  TimeoutTooEarly: tooEarly("The arbiter's time is not over yet."),
  PayerDidNotAgree: { code: 'invalid-signature', message: 'The payer did not agree to this split.' },
  ReceiverDidNotAgree: { code: 'invalid-signature', message: 'The receiver did not agree to this split.' },
  ...fundingVerdicts,
  ...owedVerdicts,
}

/**
 * The error behind a revert: every error of `Escrow`, and those of tokens and Permit2 that a payment can meet.
 *
 * @param data what the call reverted with; `0x` when the node does not tell
 * @param cause the error it was found in
 * @returns an error whose `details` give the contract's error with all its numbers
 *
 * @example
 * ```ts
 * import { encodeErrorResult } from 'viem'
 * import { escrowErrors } from '@sluice/sdk/abi'
 * import { revertToSluiceError } from '@sluice/sdk/escrow'
 *
 * const error = revertToSluiceError(encodeErrorResult({ abi: escrowErrors, errorName: 'PayerIsZero' }))
 * console.log(error.code) // invalid-argument
 * ```
 */
export function revertToSluiceError(data: Hex, cause?: unknown): SluiceError {
  return readRevert({ abi: escrowErrors, verdicts: escrowVerdicts }, data, cause)
}
