import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { actOnPlan, type OfPlan, type PlanParameters, type PlanReceipt } from './act.js'
import { planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'

/**
 * Sets the price of a plan: a lower one for everybody from the next charge on, a higher one for those who agree later. For
 * its merchant.
 *
 * @param client a wallet client
 * @param parameters the plan and its new price, base units
 * @returns the price
 * @throws SluiceError `unknown-plan`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { setPrice, type Plan } from '@sluice/sdk/subscription'
 *
 * async function run(wallet: WalletClient, plan: Plan) {
 *   const { price } = await setPrice(wallet, { plan, price: plan.price / 2n })
 *   return price
 * }
 * ```
 */
export async function setPrice(
  client: ChainClient,
  parameters: setPrice.Parameters,
): Promise<setPrice.ReturnType> {
  const { plan, price } = parameters
  const { deployment, mined, receipt } = await actOnPlan(client, parameters, (contract) =>
    setPriceCall({ contract, plan, price }),
  )
  return { ...receipt, price: requireEvent(mined, deployment, receipt.planId, 'price-set').price }
}

export declare namespace setPrice {
  type Parameters = PlanParameters & {
    /** Base units for a period. */
    readonly price: bigint
  }
  type ReturnType = PlanReceipt & {
    /** Base units for a period. */
    readonly price: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link setPrice}.
 *
 * @param parameters the contract, the plan and its new price, base units
 *
 * @example
 * ```ts
 * import { setPriceCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan) => setPriceCall({ contract, plan, price: 1n }).data
 * ```
 */
export function setPriceCall(parameters: setPriceCall.Parameters): ContractCall {
  const { contract, plan, price } = parameters
  return subscriptionsCall(contract, 'setPrice', [planArgument(plan), price])
}

export declare namespace setPriceCall {
  type Parameters = OfPlan & { readonly price: bigint }
}
