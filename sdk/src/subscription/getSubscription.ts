import { subscriptionsFunctions } from '../abi/subscriptionsFunctions.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import type { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import { subscriptionId } from './ids.js'
import { whichPlan, type WhichPlan } from './which.js'
import { subscriptions } from './product.js'
import type { SubscriptionState } from './types.js'

/**
 * What the chain knows of a subscription.
 *
 * @param client any viem client
 * @param parameters the plan, or its id, and the subscriber
 * @returns base units and seconds
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { getSubscription, type Plan } from '@sluice/sdk/subscription'
 *
 * async function expiry(client: PublicClient, plan: Plan, subscriber: `0x${string}`) {
 *   return new Date((await getSubscription(client, { plan, subscriber })).paidUntil * 1000)
 * }
 * ```
 */
export async function getSubscription(
  client: ChainClient,
  parameters: getSubscription.Parameters,
): Promise<getSubscription.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const { subscriber } = parameters
  const id = whichPlan(deployment, parameters)
  const [state, balance] = await readView(client, subscriptions, deployment, {
    abi: subscriptionsFunctions,
    functionName: 'subscription',
    args: [id, subscriber],
  })
  const { price, startedAt, paidFrom, paidUntil, end, anchorDay, nonce, paused, paid, trial } = state
  return {
    planId: id,
    subscriptionId: subscriptionId({ planId: id, subscriber }),
    price,
    startedAt,
    paidFrom,
    paidUntil,
    end,
    anchorDay,
    nonce,
    paused,
    paid,
    trial,
    balance,
  }
}

export declare namespace getSubscription {
  type Parameters = ReadParameters & WhichPlan & { readonly subscriber: Address }
  type ReturnType = SubscriptionState & { readonly planId: Hex; readonly subscriptionId: Hex }
  type ErrorType = SluiceError
}
