import { subscriptionsFunctions } from '../abi/subscriptionsFunctions.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { planId } from './ids.js'
import { subscriptions } from './product.js'
import type { Plan } from './types.js'

/**
 * The id of a plan and what it costs who agrees to it now.
 *
 * @param client any viem client
 * @param parameters the plan
 * @returns base units for a period; undefined when the plan was never created
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { getPlan, type Plan } from '@sluice/sdk/subscription'
 *
 * async function priceOf(client: PublicClient, plan: Plan) {
 *   return (await getPlan(client, { plan })).price
 * }
 * ```
 */
export async function getPlan(
  client: ChainClient,
  parameters: getPlan.Parameters,
): Promise<getPlan.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const id = planId({ ...deployment, plan: parameters.plan })
  const price = await readView(client, subscriptions, deployment, {
    abi: subscriptionsFunctions,
    functionName: 'currentPrice',
    args: [id],
  })
  return { planId: id, price: price === 0n ? undefined : price }
}

export declare namespace getPlan {
  type Parameters = ReadParameters & { readonly plan: Plan }
  type ReturnType = { readonly planId: Hex; readonly price: bigint | undefined }
  type ErrorType = SluiceError
}
