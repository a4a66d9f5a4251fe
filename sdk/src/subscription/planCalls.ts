import type { Address } from '../types.js'
import { planArgument, subscriptionsCall, type SubscriptionsCall } from './call.js'
import type { Plan } from './types.js'

/** A plan and where `Subscriptions` is. */
export type OfPlan = { readonly contract: Address; readonly plan: Plan }

/**
 * Publishes a plan. For its merchant.
 *
 * @param parameters the contract and the plan
 *
 * @example
 * ```ts
 * import { createPlanCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const publish = (contract: `0x${string}`, plan: Plan) => createPlanCall({ contract, plan })
 * ```
 */
export function createPlanCall({ contract, plan }: OfPlan): SubscriptionsCall {
  return subscriptionsCall(contract, 'createPlan', [planArgument(plan)])
}

/**
 * Sets the price of a plan: a lower one for everybody from the next charge on, a higher one for those who agree later.
 * For its merchant.
 *
 * @param parameters the contract, the plan and its new price, base units
 *
 * @example
 * ```ts
 * import { setPriceCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const half = (contract: `0x${string}`, plan: Plan) => setPriceCall({ contract, plan, price: plan.price / 2n })
 * ```
 */
export function setPriceCall({
  contract,
  plan,
  price,
}: OfPlan & { readonly price: bigint }): SubscriptionsCall {
  return subscriptionsCall(contract, 'setPrice', [planArgument(plan), price])
}

/**
 * Charges a period: of one subscriber, which reverts when it cannot be charged, or of several, which skips those. For
 * anyone, who gets the tips.
 *
 * @param parameters the contract, the plan and its subscribers
 *
 * @example
 * ```ts
 * import { chargeCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const collect = (contract: `0x${string}`, plan: Plan, subscribers: `0x${string}`[]) =>
 *   chargeCall({ contract, plan, subscribers })
 * ```
 */
export function chargeCall({
  contract,
  plan,
  subscribers,
}: OfPlan & { readonly subscribers: readonly Address[] }): SubscriptionsCall {
  const [only, ...others] = subscribers
  return only !== undefined && others.length === 0
    ? subscriptionsCall(contract, 'charge', [planArgument(plan), only])
    : subscriptionsCall(contract, 'chargeBatch', [planArgument(plan), subscribers])
}
