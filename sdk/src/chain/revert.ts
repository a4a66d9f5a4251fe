import { decodeErrorResult, type Abi, type AbiParameter } from 'viem'
import { erc20Abi } from '../abi/erc20.js'
import { SluiceError, type SluiceErrorParameters } from '../errors.js'
import type { Hex } from '../types.js'

/** What an error of a contract means to a person, and what can be done about it. */
export type Verdict = Pick<SluiceErrorParameters, 'code' | 'message' | 'action' | 'retryable'>

/**
 * The verdict on an argument that no retry makes right.
 *
 * @param message one sentence for the person
 */
export function badArgument(message: string): Verdict {
  return { code: 'invalid-argument', message }
}

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

/** The errors that all contracts share: of money that comes in and goes out. */
export const fundingVerdicts = {
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
  InvalidShortString: { code: 'internal', message: 'The contract is not what it should be.' },
  StringTooLong: { code: 'internal', message: 'The contract is not what it should be.' },
} satisfies Readonly<Record<string, Verdict>>

/** What `Escrow`, `Tournaments` and `Subscriptions` share: errors of `bytes payment` and of what is kept for somebody. */
export const owedVerdicts = {
  UnknownPayment: badArgument('The payment is in no form that the contract knows.'),
  NothingOwed: { code: 'nothing-owed', message: 'Nothing is kept for this account.', action: 'resync' },
  DestinationIsZero: badArgument('The money would go to nobody.'),
  GasTooLow: {
    code: 'insufficient-gas',
    message: 'The transaction was sent with too little gas. Send it again.',
    action: 'retry',
    retryable: true,
  },
} satisfies Readonly<Record<string, Verdict>>

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

/** What one contract's errors mean. */
export type RevertTable = {
  /** The contract's errors. */
  readonly abi: Abi
  /** By the error's name; some depend on its values. */
  readonly verdicts: Readonly<Record<string, Verdict | ((values: readonly unknown[]) => Verdict)>>
  /** How a value of an error is written; default: as it is. */
  readonly show?: ((errorName: string, index: number, value: unknown) => string) | undefined
}

/**
 * The error behind a revert: one of the contract's, or of those of tokens and Permit2 that a payment can meet.
 *
 * @param table the contract's errors
 * @param data what the call reverted with; `0x` when the node does not tell
 * @param cause the error it was found in
 * @returns an error whose `details` give the contract's error with all its numbers
 */
export function readRevert(table: RevertTable, data: Hex, cause?: unknown): SluiceError {
  const decoded = decode(table, data)
  if (decoded === undefined) {
    const message = 'The transaction would fail. Nothing was charged.'
    return new SluiceError({ code: 'transaction-reverted', message, details: `revert data ${data}`, cause })
  }
  const { name, values, text } = decoded
  return new SluiceError({ ...verdictOf(table, name, values), details: text, cause })
}

function verdictOf({ verdicts }: RevertTable, name: string, values: readonly unknown[]): Verdict {
  const known = verdicts[name] ?? foreignErrors[name]
  if (known !== undefined) return typeof known === 'function' ? known(values) : known
  const reason = name === 'Error' ? String(values[0]) : ''
  return reasons.find(([pattern]) => pattern.test(reason))?.[1] ?? refusedByToken
}

function decode(
  { abi, show = (_, __, value) => String(value) }: RevertTable,
  data: Hex,
): { name: string; values: readonly unknown[]; text: string } | undefined {
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: [...abi, ...foreignErrorsAbi], data })
    const inputs: readonly AbiParameter[] = 'inputs' in abiItem ? abiItem.inputs : []
    // viem leaves `args` out, against its own types, when the error has none.
    const values: readonly unknown[] = inputs.length === 0 ? [] : args
    const shown = values.map(
      (value, index) => `${inputs[index]?.name ?? index}: ${show(errorName, index, value)}`,
    )
    return { name: errorName, values, text: `${errorName}(${shown.join(', ')})` }
  } catch {
    return undefined // an error of somebody else's contract, or cut off by the node
  }
}
