import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { actOnPlan, receiptOf, type OfPlan, type PlanParameters, type SubscriptionReceipt } from './act.js'
import { planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'

/**
 * Charges one period that is due. For anyone, who gets the plan's tip.
 *
 * @param client a wallet client
 * @param parameters the plan and its subscriber
 * @returns what was paid, base units, and for which seconds
 * @throws SluiceError `not-chargeable` with the reason and both numbers, and wallet errors
 *
 * @example
 * ```ts
 * import type { Address, WalletClient } from 'viem'
 * import { charge, type Plan } from '@sluice/sdk/subscription'
 *
 * async function collect(keeper: WalletClient, plan: Plan, subscriber: Address) {
 *   const { price } = await charge(keeper, { plan, subscriber })
 *   return price
 * }
 * ```
 */
export async function charge(client: ChainClient, parameters: charge.Parameters): Promise<charge.ReturnType> {
  const { plan, subscriber } = parameters
  const { deployment, mined, receipt } = await actOnPlan(client, parameters, (contract) =>
    chargeCall({ contract, plan, subscriber }),
  )
  const charged = receiptOf(mined, deployment, receipt.planId, subscriber)
  const { price, paidFrom, paidUntil } = requireEvent(mined, deployment, charged.subscriptionId, 'charged')
  return { ...charged, price, paidFrom, paidUntil }
}

export declare namespace charge {
  type Parameters = PlanParameters & { readonly subscriber: Address }
  type ReturnType = SubscriptionReceipt & {
    /** Paid for the period, base units. */
    readonly price: bigint
    readonly paidFrom: number
    readonly paidUntil: number
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link charge}.
 *
 * @param parameters the contract, the plan and its subscriber
 *
 * @example
 * ```ts
 * import { chargeCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   chargeCall({ contract, plan, subscriber }).data
 * ```
 */
export function chargeCall(parameters: chargeCall.Parameters): ContractCall {
  const { contract, plan, subscriber } = parameters
  return subscriptionsCall(contract, 'charge', [planArgument(plan), subscriber])
}

export declare namespace chargeCall {
  type Parameters = OfPlan & { readonly subscriber: Address }
}
