import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { act, type OfSubscription, type SubscriptionParameters, type SubscriptionReceipt } from './act.js'
import { consentArgument, planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'
import type { Plan } from './types.js'

/**
 * Changes to another plan of the merchant, or to the present price of the same; no money moves. What is left of the paid
 * period becomes time at the new price.
 *
 * @param client a wallet client
 * @param parameters whose subscription to which plan, the new plan, and the highest price, base units
 * @returns the new subscription, base units and seconds
 * @throws SluiceError `not-subscribed`, `unknown-plan`, `price-above-maximum`, `already-subscribed`, `invalid-signature`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { changePlan, type Plan } from '@sluice/sdk/subscription'
 *
 * const upgrade = (wallet: WalletClient, plan: Plan, newPlan: Plan) =>
 *   changePlan(wallet, { plan, newPlan, maxPrice: newPlan.price })
 * ```
 */
export async function changePlan(
  client: ChainClient,
  parameters: changePlan.Parameters,
): Promise<changePlan.ReturnType> {
  const { newPlan, maxPrice } = parameters
  const { deployment, mined, receipt } = await act(client, parameters, (of) =>
    changePlanCall({ ...of, newPlan, maxPrice }),
  )
  const event = requireEvent(mined, deployment, receipt.subscriptionId, 'plan-changed')
  const { newSubscriptionId, newPlanId, price, paidFrom, paidUntil } = event
  return { ...receipt, newSubscriptionId, newPlanId, price, paidFrom, paidUntil }
}

export declare namespace changePlan {
  type Parameters = SubscriptionParameters & {
    readonly newPlan: Plan
    /** Base units never to be exceeded for a period. */
    readonly maxPrice: bigint
  }
  type ReturnType = SubscriptionReceipt & {
    readonly newSubscriptionId: Hex
    readonly newPlanId: Hex
    /** Agreed for a period, base units. */
    readonly price: bigint
    readonly paidFrom: number
    readonly paidUntil: number
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link changePlan}.
 *
 * @param parameters whose subscription to which plan, the new plan, and base units never to be exceeded for a period
 *
 * @example
 * ```ts
 * import { changePlanCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, newPlan: Plan, subscriber: `0x${string}`) =>
 *   changePlanCall({ contract, plan, newPlan, subscriber, maxPrice: newPlan.price }).data
 * ```
 */
export function changePlanCall(parameters: changePlanCall.Parameters): ContractCall {
  const { contract, plan, newPlan, subscriber, maxPrice, consent } = parameters
  const plans = [planArgument(plan), planArgument(newPlan)] as const
  return subscriptionsCall(contract, 'changePlan', [...plans, subscriber, maxPrice, consentArgument(consent)])
}

export declare namespace changePlanCall {
  type Parameters = OfSubscription & { readonly newPlan: Plan; readonly maxPrice: bigint }
}
