import type { ContractErrorName } from 'viem'
import { subscriptionsErrors } from '../abi/subscriptionsErrors.js'
import { badArgument, fundingVerdicts, owedVerdicts, readRevert, type Verdict } from '../chain/revert.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { reasonOf } from './types.js'

const wait = (message: string): Verdict => ({
  code: 'not-chargeable',
  message,
  action: 'wait',
  retryable: true,
})
const notSigned = (message: string): Verdict => ({ code: 'invalid-signature', message })

/** What each error of `Subscriptions` means to a person; all numbers go into `details`. */
export const subscriptionVerdicts: Readonly<Record<ContractErrorName<typeof subscriptionsErrors>, Verdict>> =
  {
    ...fundingVerdicts,
    ...owedVerdicts,
    MerchantIsZero: badArgument('The plan names no merchant.'),
    PriceIsZero: badArgument('A plan must cost something.'),
    TipExceedsPrice: badArgument('The tip is more than the price.'),
    PeriodOutOfRange: badArgument('A period is a minute to ten years, or 1 to 120 months.'),
    GraceTooLong: badArgument('Grace must not be longer than a period.'),
    PlanAlreadyCreated: { code: 'plan-exists', message: 'This plan exists already.' },
    PlanNotCreated: { code: 'unknown-plan', message: 'There is no such plan on this chain.' },
    CallerIsNotMerchant: badArgument('Only the merchant of the plan can do this.'),
    CallerIsNotSelf: badArgument('Only the contract itself can do this.'),
    PriceAboveMaximum: {
      code: 'price-above-maximum',
      message: 'The plan costs more than you agreed to. Nothing was charged.',
    },
    EndNotAfterStart: badArgument('The subscription would end before it starts.'),
    AlreadySubscribed: { code: 'already-subscribed', message: 'You have this subscription already.' },
    NotChargeable: wait('Nothing can be charged now.'),
    CallerIsNotSubscriber: badArgument('Only the subscriber can do this.'),
    ConsentExpired: {
      code: 'permit-expired',
      message: 'The signature has expired. Please sign again.',
      action: 'retry',
      retryable: true,
    },
    InvalidConsent: notSigned('The subscriber did not sign this.'),
    NotRunning: { code: 'not-subscribed', message: 'There is no running subscription.' },
    AlreadyPaused: badArgument('This subscription is paused already.'),
    NotPaused: badArgument('This subscription is not paused.'),
    PlansNotExchangeable: badArgument('The plans differ in merchant or token.'),
    AmountIsZero: badArgument('The amount is zero.'),
    AmountExceedsBalance: {
      code: 'insufficient-token',
      message: 'The subscription holds less than you asked for.',
    },
    BalanceTooLarge: badArgument('The amount is more than a subscription can hold.'),
    SafeCastOverflowedUintDowncast: badArgument('The amount or time is larger than the contract can hold.'),
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
  return readRevert({ abi: subscriptionsErrors, verdicts: subscriptionVerdicts, show }, data, cause)
}

/** A reason is written as its name. */
function show(errorName: string, index: number, value: unknown): string {
  return errorName === 'NotChargeable' && index === 1 ? reasonOf(Number(value)) : String(value)
}
