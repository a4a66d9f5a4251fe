import type { Address, Hex } from '../types.js'
import { consentArgument, planArgument, subscriptionsCall, type SubscriptionsCall } from './call.js'
import type { OfPlan } from './planCalls.js'
import type { Consent, Plan, SubscriptionTerms } from './types.js'

/** A subscription, and how its subscriber agrees when somebody else submits. */
export type OfSubscription = OfPlan & {
  readonly subscriber: Address
  readonly consent?: Consent | undefined
}

/** A payment that goes with a call. */
export type WithPayment = {
  /** See `libraries/Payments.sol`; default: the caller's allowance, or the native coin. */
  readonly payment?: Hex | undefined
  /** Native coin to send, in wei; default none. */
  readonly value?: bigint | undefined
}

/**
 * Subscribes and, unless there is a trial or a later start, pays the first period. For the subscriber, or for anyone
 * with a payment that is bound to `subscribePurpose`.
 *
 * @param parameters the contract, the plan, what is agreed to, base units paid in advance, and the payment of them
 *
 * @example
 * ```ts
 * import { subscribeCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const join = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   subscribeCall({ contract, plan, terms: { subscriber, maxPrice: plan.price, start: 0, end: 0 } })
 * ```
 */
export function subscribeCall(
  parameters: OfPlan &
    WithPayment & { readonly terms: SubscriptionTerms; readonly prepaid?: bigint | undefined },
): SubscriptionsCall {
  const { contract, plan, terms, prepaid = 0n, payment = '0x', value = 0n } = parameters
  return subscriptionsCall(contract, 'subscribe', [planArgument(plan), terms, prepaid, payment], value)
}

/**
 * Subscribes somebody who signed; its allowance pays. For anyone.
 *
 * @param parameters the contract, the plan, the terms, and the signature of them: `consentTypedData`
 */
export function subscribeWithSignatureCall(
  parameters: OfPlan & { readonly terms: SubscriptionTerms; readonly consent: Consent },
): SubscriptionsCall {
  const { contract, plan, terms, consent } = parameters
  return subscriptionsCall(contract, 'subscribeWithSignature', [planArgument(plan), terms, consent])
}

/**
 * Stops charges. What is paid stays active until it ends.
 *
 * @param parameters whose subscription to which plan
 */
export function pauseCall(parameters: OfSubscription): SubscriptionsCall {
  return requestCall('pause', parameters)
}

/**
 * Goes on after a pause or lapse; when nothing is paid any more, pays a period at once.
 *
 * @param parameters whose subscription to which plan
 */
export function resumeCall(parameters: OfSubscription): SubscriptionsCall {
  return requestCall('resume', parameters)
}

/**
 * Ends a subscription with what is paid. For the merchant too.
 *
 * @param parameters whose subscription to which plan
 */
export function cancelCall(parameters: OfSubscription): SubscriptionsCall {
  return requestCall('cancel', parameters)
}

function requestCall(name: 'pause' | 'resume' | 'cancel', parameters: OfSubscription): SubscriptionsCall {
  const { contract, plan, subscriber, consent } = parameters
  return subscriptionsCall(contract, name, [planArgument(plan), subscriber, consentArgument(consent)])
}

/**
 * Changes to another plan of the merchant, or to the present price of the same; no money moves.
 *
 * @param parameters whose subscription to which plan, the new plan, and base units never to be exceeded for a period
 */
export function changePlanCall(
  parameters: OfSubscription & { readonly newPlan: Plan; readonly maxPrice: bigint },
): SubscriptionsCall {
  const { contract, plan, newPlan, subscriber, maxPrice, consent } = parameters
  const plans = [planArgument(plan), planArgument(newPlan)] as const
  return subscriptionsCall(contract, 'changePlan', [...plans, subscriber, maxPrice, consentArgument(consent)])
}

/**
 * Pays into the prepaid balance of a subscription. For anyone; a signed payment is bound to the subscription's id.
 *
 * @param parameters whose subscription to which plan, base units, and the payment of them
 */
export function fundCall(
  parameters: OfPlan & WithPayment & { readonly subscriber: Address; readonly amount: bigint },
): SubscriptionsCall {
  const { contract, plan, subscriber, amount, payment = '0x', value = 0n } = parameters
  return subscriptionsCall(contract, 'fund', [planArgument(plan), subscriber, amount, payment], value)
}

/**
 * Takes money out of the prepaid balance of a subscription.
 *
 * @param parameters whose subscription to which plan, base units, and to whom; default: the subscriber
 */
export function withdrawCall(
  parameters: OfSubscription & { readonly amount: bigint; readonly to?: Address | undefined },
): SubscriptionsCall {
  const { contract, plan, subscriber, to = subscriber, amount, consent } = parameters
  const args = [planArgument(plan), subscriber, to, amount, consentArgument(consent)] as const
  return subscriptionsCall(contract, 'withdraw', args)
}
