import type { ChainClient } from '../chain/context.js'
import type { EventPlace } from '../chain/eventWindow.js'
import type { LogFilter } from '../chain/logs.js'
import {
  watchEvents,
  withPlace,
  type Watched,
  type WatchedBlock,
  type WatchParameters,
} from '../chain/watchEvents.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import {
  balanceEventTopics,
  planChangedTopic,
  readEvent,
  subscribedTopic,
  subscriptionEventTopics,
  type SubscriptionEvent,
} from './events.js'
import { subscriptions } from './product.js'

/**
 * Tells what happens to plans and subscriptions on the chain as it happens. An event whose block a reorganisation undid is
 * told again with `removed: true`, newest first, before what took its place. Errors are told and the watch goes on.
 *
 * @param client any viem client
 * @param parameters which subscriptions, and who is told. Of a plan are told its price, who subscribes and who changes to
 * it; what happens to a subscription afterwards, by the subscription's id
 * @returns ends the watch; nothing is told afterwards
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { watchSubscription } from '@sluice/sdk/subscription'
 *
 * function warn(client: PublicClient, subscriptionId: `0x${string}`) {
 *   return watchSubscription(client, {
 *     subscriptionId,
 *     onEvent: (event) => {
 *       if (event.type === 'charge-failed' && !event.removed) console.log('not charged', event.reason)
 *     },
 *   })
 * }
 * ```
 */
export function watchSubscription(
  client: ChainClient,
  parameters: watchSubscription.Parameters,
): watchSubscription.ReturnType {
  const filters = filtersOf(listOf(parameters.subscriptionId), listOf(parameters.planId))
  return watchEvents(client, { product: subscriptions, filters, read: withPlace(readEvent) }, parameters)
}

export declare namespace watchSubscription {
  type Event = Watched<SubscriptionEvent & EventPlace>
  type Block = WatchedBlock
  type Parameters = WatchParameters<SubscriptionEvent & EventPlace> & {
    /** One subscription or several. */
    readonly subscriptionId?: Hex | readonly Hex[] | undefined
    /** One plan or several. Without either, everything of the contract is told. */
    readonly planId?: Hex | readonly Hex[] | undefined
  }
  type ReturnType = () => void
  type ErrorType = SluiceError
}

function listOf(ids: Hex | readonly Hex[] | undefined): readonly Hex[] | undefined {
  return typeof ids === 'string' ? [ids] : ids
}

/** A subscription begins by `Subscribed`, or by `PlanChanged` of another one. */
function filtersOf(
  subscriptionIds: readonly Hex[] | undefined,
  planIds: readonly Hex[] | undefined,
): readonly LogFilter['topics'][] {
  const all = [...subscriptionEventTopics, ...balanceEventTopics]
  if (subscriptionIds === undefined && planIds === undefined) return [[all]]
  const ofSubscriptions =
    subscriptionIds === undefined
      ? []
      : [
          [all, subscriptionIds],
          [planChangedTopic, null, subscriptionIds],
        ]
  const ofPlans =
    planIds === undefined
      ? []
      : [
          [all, planIds],
          [subscribedTopic, null, planIds],
          [planChangedTopic, null, null, planIds],
        ]
  return [...ofSubscriptions, ...ofPlans]
}
