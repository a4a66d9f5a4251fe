import { padHex, type Log } from 'viem'
import { subscriptionsAddresses } from '../addresses.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { scanLogs, type LogFilter } from '../chain/logs.js'
import { scanRelatedLogs } from '../chain/relatedLogs.js'
import { searchedBlocks, type SearchParameters } from '../chain/search.js'
import type { SluiceError } from '../errors.js'
import { isSame } from '../payment/prepare.js'
import type { Address, Deployment, Hex } from '../types.js'
import { planCreatedTopic, readEvent, subscribedTopic, subscriptionEventTopics } from './events.js'
import { subscriptionId } from './ids.js'
import { subscriptions } from './product.js'
import { nothingRebuilt, rebuildSubscriptions, type Rebuilt } from './rebuild.js'

/**
 * Rebuilds every subscription of an account, or every plan of a merchant with its subscribers, from events alone; terms
 * are checked against their own hash. What it returns is plain data: keep it and pass it as `since`, and only the blocks
 * after it are read.
 *
 * @param client any viem client
 * @param parameters the account, its role, what was found before, and the blocks to search
 * @returns plans and subscriptions by id, and the block to go on from
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`, `invalid-argument`
 *
 * @example
 * ```ts
 * import type { Address, PublicClient } from 'viem'
 * import { findSubscriptions } from '@sluice/sdk/subscription'
 *
 * async function running(client: PublicClient, account: Address, now: number) {
 *   const { subscriptions } = await findSubscriptions(client, { account, role: 'subscriber' })
 *   return Object.values(subscriptions).filter(({ paidUntil }) => paidUntil > now)
 * }
 * ```
 */
export async function findSubscriptions(
  client: ChainClient,
  parameters: findSubscriptions.Parameters,
): Promise<findSubscriptions.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const { account, role, since, onProgress } = parameters
  const { contract, chainId } = deployment
  const deployed = subscriptionsAddresses[chainId]
  const blocks = await searchedBlocks(client, parameters, since?.cursor, deployed)
  let rebuilt: Rebuilt = since ?? nothingRebuilt
  const own = ownership(deployment, account, role, rebuilt)
  await scanRelatedLogs(
    client,
    {
      contract,
      roots: [
        role === 'merchant'
          ? [planCreatedTopic, null, topicOf(account)]
          : [subscribedTopic, null, null, topicOf(account)],
      ],
      about: (ids) =>
        role === 'merchant'
          ? [
              [subscriptionEventTopics, ids],
              [subscribedTopic, null, ids],
            ]
          : [[subscriptionEventTopics, ids]],
      known: own.ids,
      idsOf: own.idsOf,
    },
    blocks,
    blocks.pieceLength,
    (logs, block) => {
      rebuilt = rebuildSubscriptions(rebuilt, logs.filter(own.has), deployment)
      const found = Object.keys(rebuilt.subscriptions).length
      onProgress?.({ block, toBlock: blocks.toBlock, found })
    },
  )
  rebuilt = await withOlderPlans(client, deployment, rebuilt, {
    fromBlock: deployed?.block ?? 0n,
    toBlock: blocks.toBlock,
    pieceLength: blocks.pieceLength,
  })
  return { ...rebuilt, cursor: blocks.cursor }
}

/** Plans and subscriptions, and the first block that was not searched. Plain data, to be kept and passed on as `since`. */
export type FoundSubscriptions = Rebuilt & { readonly cursor: bigint }

export declare namespace findSubscriptions {
  type Role = 'subscriber' | 'merchant'
  type Parameters = ReadParameters &
    SearchParameters & {
      readonly account: Address
      readonly role: Role
      /** What an earlier search of the same account, role and contract returned. */
      readonly since?: FoundSubscriptions | undefined
    }
  type ReturnType = FoundSubscriptions
  type ErrorType = SluiceError
}

function topicOf(account: Address): Hex {
  return padHex(account, { size: 32 })
}

/** What belongs to the account, growing as logs are read; a node that ignores filters adds nothing of others. */
function ownership(deployment: Deployment, account: Address, role: findSubscriptions.Role, known: Rebuilt) {
  const plans = new Set(Object.values(known.plans).map(({ planId }) => planId))
  const subscribed = new Set(Object.values(known.subscriptions).map((each) => each.subscriptionId))
  const idsOf = (log: Log): readonly Hex[] => {
    const event = readEvent(log, deployment)
    switch (event?.type) {
      case 'plan-created':
        if (role !== 'merchant' || !isSame(event.plan.merchant, account)) return []
        plans.add(event.planId)
        return [event.planId]
      case 'subscribed': {
        const { planId, subscriber } = event
        if (subscriptionId({ planId, subscriber }) !== event.subscriptionId) return []
        if (role === 'merchant' ? !plans.has(planId) : !isSame(subscriber, account)) return []
        subscribed.add(event.subscriptionId)
        plans.add(planId)
        return [event.subscriptionId, planId]
      }
      case 'plan-changed':
        if (!subscribed.has(event.subscriptionId)) return []
        subscribed.add(event.newSubscriptionId)
        plans.add(event.newPlanId)
        return [event.newSubscriptionId, event.newPlanId]
      default:
        return []
    }
  }
  const has = (log: Log): boolean => {
    const event = readEvent(log, deployment)
    if (event === undefined) return false
    return 'subscriptionId' in event ? subscribed.has(event.subscriptionId) : plans.has(event.planId)
  }
  return { ids: [...plans, ...subscribed], idsOf, has }
}

/** Who subscribes today may do so to a plan that was published long before. */
async function withOlderPlans(
  client: ChainClient,
  deployment: Deployment,
  rebuilt: Rebuilt,
  range: { readonly fromBlock: bigint; readonly toBlock: bigint; readonly pieceLength: bigint },
): Promise<Rebuilt> {
  const needed = new Set(Object.values(rebuilt.subscriptions).map(({ planId }) => planId))
  const missing = [...needed].filter((id) => rebuilt.plans[id] === undefined)
  if (missing.length === 0) return rebuilt
  const filter: LogFilter = { address: deployment.contract, topics: [subscriptionEventTopics, missing] }
  let complete = rebuilt
  await scanLogs(client, [filter], range, range.pieceLength, (logs) => {
    const ofPlans = logs.filter((log) => {
      const event = readEvent(log, deployment)
      return event !== undefined && !('subscriptionId' in event) && missing.includes(event.planId)
    })
    complete = rebuildSubscriptions(complete, ofPlans, deployment)
  })
  return complete
}
