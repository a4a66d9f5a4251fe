import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { actOnPlan, type OfPlan, type PlanParameters, type PlanReceipt } from './act.js'
import { planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'

/**
 * Publishes a plan. For its merchant.
 *
 * @param client a wallet client
 * @param parameters the plan
 * @returns the plan's id
 * @throws SluiceError `plan-exists`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { createPlan, type Plan } from '@sluice/sdk/subscription'
 *
 * async function run(wallet: WalletClient, plan: Plan) {
 *   const { planId } = await createPlan(wallet, { plan })
 *   return planId
 * }
 * ```
 */
export async function createPlan(
  client: ChainClient,
  parameters: createPlan.Parameters,
): Promise<createPlan.ReturnType> {
  const { plan } = parameters
  const { deployment, mined, receipt } = await actOnPlan(client, parameters, (contract) =>
    createPlanCall({ contract, plan }),
  )
  requireEvent(mined, deployment, receipt.planId, 'plan-created')
  return receipt
}

export declare namespace createPlan {
  type Parameters = PlanParameters
  type ReturnType = PlanReceipt
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link createPlan}.
 *
 * @param parameters the contract and the plan
 *
 * @example
 * ```ts
 * import { createPlanCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan) => createPlanCall({ contract, plan }).data
 * ```
 */
export function createPlanCall(parameters: createPlanCall.Parameters): ContractCall {
  const { contract, plan } = parameters
  return subscriptionsCall(contract, 'createPlan', [planArgument(plan)])
}

export declare namespace createPlanCall {
  type Parameters = OfPlan
}
