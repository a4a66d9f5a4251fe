import { subscriptionsFunctions } from '../abi/subscriptionsFunctions.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { whichPlan, type WhichPlan } from './which.js'
import { subscriptions } from './product.js'

/**
 * Whether a subscriber has access now: within what is paid, a trial, or grace. For gates.
 *
 * @param client any viem client
 * @param parameters the plan, or its id, and the subscriber
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { isActive } from '@sluice/sdk/subscription'
 *
 * const mayEnter = (client: PublicClient, planId: `0x${string}`, subscriber: `0x${string}`) =>
 *   isActive(client, { planId, subscriber })
 * ```
 */
export async function isActive(client: ChainClient, parameters: isActive.Parameters): Promise<boolean> {
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  return await readView(client, subscriptions, deployment, {
    abi: subscriptionsFunctions,
    functionName: 'isActive',
    args: [parameters.subscriber, whichPlan(deployment, parameters)],
  })
}

export declare namespace isActive {
  type Parameters = ReadParameters & WhichPlan & { readonly subscriber: Address }
  type ReturnType = boolean
  type ErrorType = SluiceError
}
