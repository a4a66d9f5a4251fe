import type { ContractErrorName } from 'viem'
import { streamChannelsErrors } from '../abi/streamChannelsErrors.js'
import { badArgument, fundingVerdicts, readRevert, type Verdict } from '../chain/revert.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'

/** What each error of `StreamChannels` means to a person; both numbers go into `details`. */
export const channelErrors: Readonly<Record<ContractErrorName<typeof streamChannelsErrors>, Verdict>> = {
  PayerIsZero: badArgument('The channel names no payer.'),
  PayeeIsZero: badArgument('The channel names no payee.'),
  SignerIsZero: badArgument('The channel names no signer.'),
  GraceOutOfRange: badArgument('The grace period must lie between 15 minutes and 30 days.'),
  DepositIsZero: badArgument('The amount to deposit is zero.'),
  DepositTooLarge: badArgument('The amount is more than a channel can hold.'),
  TokenRequired: { code: 'wrong-token', message: 'The native coin cannot be deposited this way.' },
  ChannelNotOpen: { code: 'channel-not-open', message: 'This channel was never opened.' },
  ChannelAlreadyClosed: { code: 'channel-closed', message: 'This channel is closed.' },
  ClosePending: { code: 'close-pending', message: 'This channel is being closed.', action: 'wait' },
  CloseNotRequested: {
    code: 'close-not-requested',
    message: 'The money was not asked back yet.',
    action: 'money-back',
  },
  GraceNotOver: {
    code: 'grace-not-over',
    message: 'The waiting time is not over yet.',
    action: 'wait',
    retryable: true,
  },
  CallerIsNotPayer: badArgument('Only the payer can ask for the money back.'),
  AmountExceedsDeposit: {
    code: 'amount-exceeds-deposit',
    message: 'More was asked for than the channel holds.',
    action: 'resync',
  },
  AmountExceedsRate: {
    code: 'amount-exceeds-rate',
    message: 'More was asked for than the agreed price allows by now.',
    action: 'wait',
    retryable: true,
  },
  CaptureExceedsVoucher: badArgument('More was asked for than the viewer signed.'),
  InvalidVoucher: {
    code: 'invalid-signature',
    message: "The voucher is not signed by the channel's signer.",
  },
  InvalidClose: { code: 'invalid-signature', message: 'The payee did not agree to this close.' },
  ClockExhausted: { code: 'internal', message: 'This contract can no longer be used on this chain.' },
  ...fundingVerdicts,
}

/**
 * The error behind a revert: every error of `StreamChannels`, and those of tokens and Permit2 that a deposit can meet.
 *
 * @param data what the call reverted with; `0x` when the node does not tell
 * @param cause the error it was found in
 * @returns an error whose `details` give the contract's error with all its numbers
 *
 * @example
 * ```ts
 * import { encodeErrorResult } from 'viem'
 * import { streamChannelsErrors } from '@sluice/sdk/abi'
 * import { revertToSluiceError } from '@sluice/sdk/channel'
 *
 * const error = revertToSluiceError(encodeErrorResult({ abi: streamChannelsErrors, errorName: 'PayeeIsZero' }))
 * console.log(error.code) // invalid-argument
 * ```
 */
export function revertToSluiceError(data: Hex, cause?: unknown): SluiceError {
  return readRevert({ abi: streamChannelsErrors, verdicts: channelErrors }, data, cause)
}
