import { decodeErrorResult, type AbiParameter, type ContractErrorName } from 'viem'
import { erc20Abi } from '../abi/erc20.js'
import { streamChannelsErrors } from '../abi/streamChannelsErrors.js'
import { SluiceError, type SluiceErrorParameters } from '../errors.js'
import type { Hex } from '../types.js'

type Verdict = Pick<SluiceErrorParameters, 'code' | 'message' | 'action' | 'retryable'>

const badTerms = (message: string): Verdict => ({ code: 'invalid-argument', message })

const refusedByToken: Verdict = {
  code: 'transaction-reverted',
  message: 'The token refused the payment. Nothing was charged.',
}

const permitExpired: Verdict = {
  code: 'permit-expired',
  message: 'The signature has expired. Please sign again.',
  action: 'retry',
  retryable: true,
}

const badFundingSignature: Verdict = {
  code: 'invalid-signature',
  message: 'The token did not accept the signature. Nothing was charged.',
}

/** What each error of `StreamChannels` means to a person; both numbers go into `details`. */
export const channelErrors: Readonly<Record<ContractErrorName<typeof streamChannelsErrors>, Verdict>> = {
  PayerIsZero: badTerms('The channel names no payer.'),
  PayeeIsZero: badTerms('The channel names no payee.'),
  SignerIsZero: badTerms('The channel names no signer.'),
  GraceOutOfRange: badTerms('The grace period must lie between 15 minutes and 30 days.'),
  DepositIsZero: badTerms('The amount to deposit is zero.'),
  DepositTooLarge: badTerms('The amount is more than a channel can hold.'),
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
  CallerIsNotPayer: badTerms('Only the payer can ask for the money back.'),
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
  CaptureExceedsVoucher: badTerms('More was asked for than the viewer signed.'),
  InvalidVoucher: {
    code: 'invalid-signature',
    message: "The voucher is not signed by the channel's signer.",
  },
  InvalidClose: { code: 'invalid-signature', message: 'The payee did not agree to this close.' },
  AmountNotReceived: {
    code: 'wrong-token',
    message: 'This token changes amounts while it moves, so it cannot be used here.',
  },
  BalanceUnreadable: { code: 'wrong-token', message: 'There is no such token on this chain.' },
  WrongNativeValue: { code: 'invalid-argument', message: 'The value sent differs from the amount.' },
  SafeERC20FailedOperation: refusedByToken,
  AddressEmptyCode: { code: 'wrong-token', message: 'There is no such token on this chain.' },
  FailedCall: { code: 'transaction-reverted', message: 'The receiver refused the payment.' },
  InsufficientBalance: {
    code: 'transaction-reverted',
    message: 'The contract holds less than it was asked for.',
  },
  ReentrancyGuardReentrantCall: refusedByToken,
  ClockExhausted: { code: 'internal', message: 'This contract can no longer be used on this chain.' },
  InvalidShortString: { code: 'internal', message: 'The contract is not what it should be.' },
  StringTooLong: { code: 'internal', message: 'The contract is not what it should be.' },
}

const uint = (name: string): AbiParameter => ({ name, type: 'uint256' })
const address = (name: string): AbiParameter => ({ name, type: 'address' })

/** Errors that tokens (OpenZeppelin 5) and Permit2 revert with on a deposit. */
const foreignErrorsAbi = [
  ...erc20Abi.filter((item) => item.type === 'error'),
  { type: 'error', name: 'ERC2612ExpiredSignature', inputs: [uint('deadline')] },
  { type: 'error', name: 'ERC2612InvalidSigner', inputs: [address('signer'), address('owner')] },
  {
    type: 'error',
    name: 'ERC3009InvalidAuthorizationTime',
    inputs: [uint('validAfter'), uint('validBefore')],
  },
  { type: 'error', name: 'ERC3009InvalidSignature', inputs: [] },
  { type: 'error', name: 'SignatureExpired', inputs: [uint('signatureDeadline')] },
  { type: 'error', name: 'InvalidNonce', inputs: [] },
  { type: 'error', name: 'InvalidSigner', inputs: [] },
  { type: 'error', name: 'InvalidContractSignature', inputs: [] },
] as const

const foreignErrors: Readonly<Record<string, Verdict>> = {
  ERC20InsufficientBalance: {
    code: 'insufficient-token',
    message: 'There is not enough of the token in this wallet.',
    action: 'add-funds',
    retryable: true,
  },
  ERC20InsufficientAllowance: {
    code: 'transaction-reverted',
    message: 'The wallet did not allow this amount. Nothing was charged.',
    action: 'retry',
    retryable: true,
  },
  ERC2612ExpiredSignature: permitExpired,
  ERC3009InvalidAuthorizationTime: permitExpired,
  SignatureExpired: permitExpired,
  ERC2612InvalidSigner: badFundingSignature,
  ERC3009InvalidSignature: badFundingSignature,
  InvalidSigner: badFundingSignature,
  InvalidContractSignature: badFundingSignature,
  InvalidNonce: badFundingSignature,
}

/** Tokens older than custom errors, such as USD Coin, say why in words. */
const reasons: readonly (readonly [pattern: RegExp, verdict: Verdict])[] = [
  [/expired|not yet valid/i, permitExpired],
  [/exceeds balance|insufficient balance/i, foreignErrors['ERC20InsufficientBalance'] ?? refusedByToken],
  [
    /exceeds allowance|insufficient allowance/i,
    foreignErrors['ERC20InsufficientAllowance'] ?? refusedByToken,
  ],
  [/invalid signature/i, badFundingSignature],
]

const decodable = [...streamChannelsErrors, ...foreignErrorsAbi] as const

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
 * const error = revertToSluiceError(encodeErrorResult({ abi: streamChannelsAbi, errorName: 'PayeeIsZero' }))
 * console.log(error.code) // invalid-argument
 * ```
 */
export function revertToSluiceError(data: Hex, cause?: unknown): SluiceError {
  const decoded = decode(data)
  if (decoded === undefined) {
    const message = 'The transaction would fail. Nothing was charged.'
    return new SluiceError({ code: 'transaction-reverted', message, details: `revert data ${data}`, cause })
  }
  const { name, values, text } = decoded
  const verdict = verdictOf(name, values)
  return new SluiceError({ ...verdict, details: text, cause })
}

function verdictOf(name: string, values: readonly unknown[]): Verdict {
  if (isChannelError(name)) return channelErrors[name]
  const foreign = foreignErrors[name]
  if (foreign !== undefined) return foreign
  const reason = name === 'Error' ? String(values[0]) : ''
  return reasons.find(([pattern]) => pattern.test(reason))?.[1] ?? refusedByToken
}

function isChannelError(name: string): name is keyof typeof channelErrors {
  return Object.hasOwn(channelErrors, name)
}

function decode(data: Hex): { name: string; values: readonly unknown[]; text: string } | undefined {
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: decodable, data })
    const inputs: readonly AbiParameter[] = abiItem.inputs
    // viem leaves `args` out, against its own types, when the error has none.
    const values: readonly unknown[] = inputs.length === 0 ? [] : args
    const shown = values.map((value, index) => `${inputs[index]?.name ?? index}: ${String(value)}`)
    return { name: errorName, values, text: `${errorName}(${shown.join(', ')})` }
  } catch {
    return undefined // an error of somebody else's contract, or cut off by the node
  }
}
