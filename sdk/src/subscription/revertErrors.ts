import { decodeErrorResult, type AbiParameter, type ContractErrorName } from 'viem'
import { subscriptionsErrors } from '../abi/subscriptionsErrors.js'
import { SluiceError, type SluiceErrorParameters } from '../errors.js'
import type { Hex } from '../types.js'
import { reasonOf } from './renewable.js'

type Verdict = Pick<SluiceErrorParameters, 'code' | 'message' | 'action' | 'retryable'>
type ErrorName = ContractErrorName<typeof subscriptionsErrors>

const badTerms = (message: string): Verdict => ({ code: 'invalid-argument', message })
const wait = (message: string): Verdict => ({
  code: 'not-chargeable',
  message,
  action: 'wait',
  retryable: true,
})
const notSigned = (message: string): Verdict => ({ code: 'invalid-signature', message })

/** What each error of `Subscriptions` itself means to a person; all numbers go into `details`. */
const verdicts: Readonly<Partial<Record<ErrorName, Verdict>>> = {
  MerchantIsZero: badTerms('The plan names no merchant.'),
  PriceIsZero: badTerms('A plan must cost something.'),
  TipExceedsPrice: badTerms('The tip is more than the price.'),
  PeriodOutOfRange: badTerms('A period is a minute to ten years, or 1 to 120 months.'),
  GraceTooLong: badTerms('Grace must not be longer than a period.'),
  PlanAlreadyCreated: { code: 'plan-exists', message: 'This plan exists already.' },
  PlanNotCreated: { code: 'unknown-plan', message: 'There is no such plan on this chain.' },
  CallerIsNotMerchant: badTerms('Only the merchant of the plan can do this.'),
  CallerIsNotSelf: badTerms('Only the contract itself can do this.'),
  PriceAboveMaximum: {
    code: 'price-above-maximum',
    message: 'The plan costs more than you agreed to. Nothing was charged.',
  },
  EndNotAfterStart: badTerms('The subscription would end before it starts.'),
  AlreadySubscribed: { code: 'already-subscribed', message: 'You have this subscription already.' },
  NotChargeable: wait('Nothing can be charged now.'),
  CallerIsNotSubscriber: badTerms('Only the subscriber can do this.'),
  ConsentExpired: {
    code: 'permit-expired',
    message: 'The signature has expired. Please sign again.',
    action: 'retry',
    retryable: true,
  },
  InvalidConsent: notSigned('The subscriber did not sign this.'),
  NotRunning: { code: 'not-subscribed', message: 'There is no running subscription.' },
  AlreadyPaused: badTerms('This subscription is paused already.'),
  NotPaused: badTerms('This subscription is not paused.'),
  PlansNotExchangeable: badTerms('The plans differ in merchant or token.'),
  AmountIsZero: badTerms('The amount is zero.'),
  AmountExceedsBalance: {
    code: 'insufficient-token',
    message: 'The subscription holds less than you asked for.',
  },
  BalanceTooLarge: badTerms('The amount is more than a subscription can hold.'),
  SafeCastOverflowedUintDowncast: badTerms('The amount or time is larger than the contract can hold.'),
}

/** What is left: a token or a wallet that says no. */
const refused: Verdict = {
  code: 'transaction-reverted',
  message: 'The payment was refused. Nothing was charged.',
}

/**
 * The error behind a revert of `Subscriptions`.
 *
 * @param data what the call reverted with; `0x` when the node does not tell
 * @param cause the error it was found in
 * @returns an error whose `details` give the contract's error with all its numbers
 *
 * @example
 * ```ts
 * import { encodeErrorResult } from 'viem'
 * import { subscriptionsErrors } from '@sluice/sdk/abi'
 * import { revertToSluiceError } from '@sluice/sdk/subscription'
 *
 * const data = encodeErrorResult({ abi: subscriptionsErrors, errorName: 'PriceIsZero' })
 * console.log(revertToSluiceError(data).code) // invalid-argument
 * ```
 */
export function revertToSluiceError(data: Hex, cause?: unknown): SluiceError {
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: subscriptionsErrors, data })
    const inputs: readonly AbiParameter[] = abiItem.inputs
    // viem leaves `args` out, against its own types, when the error has none.
    const values: readonly unknown[] = inputs.length === 0 ? [] : args
    const shown = values.map(
      (value, index) => `${inputs[index]?.name ?? index}: ${shownAs(errorName, index, value)}`,
    )
    const details = `${errorName}(${shown.join(', ')})`
    return new SluiceError({ ...(verdicts[errorName] ?? refused), details, cause })
  } catch {
    return new SluiceError({ ...refused, details: `revert data ${data}`, cause })
  }
}

function shownAs(errorName: ErrorName, index: number, value: unknown): string {
  return errorName === 'NotChargeable' && index === 1 ? reasonOf(Number(value)) : String(value)
}
