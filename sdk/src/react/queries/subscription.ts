import type { Config } from 'wagmi'
import { getSubscription } from '../../subscription/getSubscription.js'
import { isActive } from '../../subscription/isActive.js'
import type { ReadParameters } from '../../chain/context.js'
import type { WhichPlan } from '../../subscription/which.js'
import type { Address } from '../../types.js'
import { queryOf, type QueryOptions, type QueryParameters } from './query.js'

/** Whose subscription to which plan, once both are known. */
export type SubscriptionQueryParameters = QueryParameters & {
  readonly plan: (ReadParameters & WhichPlan) | undefined
  readonly subscriber: Address | undefined
}

/**
 * The question {@link getSubscription} answers, for query libraries.
 *
 * @param config wagmi's
 * @param parameters the plan, or its id, and the subscriber
 */
export function subscriptionQueryOptions(
  config: Config,
  parameters: SubscriptionQueryParameters,
): QueryOptions<getSubscription.ReturnType> {
  return queryOf(config, { ...parameters, what: whose(parameters) }, 'subscription', getSubscription)
}

/**
 * The question {@link isActive} answers, for query libraries.
 *
 * @param config wagmi's
 * @param parameters the plan, or its id, and the subscriber
 */
export function activeSubscriptionQueryOptions(
  config: Config,
  parameters: SubscriptionQueryParameters,
): QueryOptions<boolean> {
  return queryOf(config, { ...parameters, what: whose(parameters) }, 'subscription-active', isActive)
}

function whose({ plan, subscriber }: SubscriptionQueryParameters) {
  return plan === undefined || subscriber === undefined ? undefined : { ...plan, subscriber }
}
