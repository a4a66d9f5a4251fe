import { decodeEventLog, encodeEventTopics, type Log } from 'viem'
import { subscriptionsEvents } from '../abi/subscriptionsEvents.js'
import type { Mined } from '../chain/transact.js'
import { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex } from '../types.js'
import { planOf } from './call.js'
import { planId } from './ids.js'
import { reasonOf, type Plan, type RenewalReason } from './types.js'

type OfSubscription = { readonly subscriptionId: Hex }

/** What happened to plans and subscriptions. Amounts in base units, times in seconds. */
export type SubscriptionEvent =
  | { readonly type: 'plan-created'; readonly planId: Hex; readonly plan: Plan }
  | { readonly type: 'price-set'; readonly planId: Hex; readonly price: bigint }
  | (OfSubscription & {
      readonly type: 'subscribed'
      readonly planId: Hex
      readonly subscriber: Address
      readonly price: bigint
      readonly startedAt: number
      readonly paidUntil: number
      readonly end: number
    })
  | (OfSubscription & {
      readonly type: 'charged'
      readonly price: bigint
      readonly paidFrom: number
      readonly paidUntil: number
    })
  | (OfSubscription & {
      readonly type: 'charge-failed'
      readonly reason: RenewalReason
      readonly found: bigint
      readonly needed: bigint
    })
  | (OfSubscription & { readonly type: 'paused' })
  | (OfSubscription & { readonly type: 'resumed' })
  | (OfSubscription & { readonly type: 'funded'; readonly amount: bigint })
  | (OfSubscription & { readonly type: 'withdrawn'; readonly to: Address; readonly amount: bigint })
  | (OfSubscription & { readonly type: 'cancelled'; readonly end: number })
  | (OfSubscription & {
      readonly type: 'plan-changed'
      readonly newSubscriptionId: Hex
      readonly newPlanId: Hex
      readonly price: bigint
      readonly paidFrom: number
      readonly paidUntil: number
    })

const topicOf = (eventName: (typeof aboutOne | typeof aboutBalance)[number]): Hex =>
  encodeEventTopics({ abi: subscriptionsEvents, eventName })[0]

const aboutOne = [
  'PlanCreated',
  'PriceSet',
  'Subscribed',
  'Charged',
  'ChargeFailed',
  'SubscriptionPaused',
  'SubscriptionResumed',
  'SubscriptionCancelled',
  'PlanChanged',
] as const

const aboutBalance = ['Funded', 'Withdrawn'] as const

/** The first topics of events about one plan or the life of one subscription, whose id is their second topic. */
export const subscriptionEventTopics: readonly Hex[] = aboutOne.map(topicOf)

/** The first topics of events about prepaid money, of a subscription whose id is their second topic. */
export const balanceEventTopics: readonly Hex[] = aboutBalance.map(topicOf)

/** The first topic of `PlanCreated`. */
export const planCreatedTopic: Hex = topicOf('PlanCreated')

/** The first topic of `Subscribed`. */
export const subscribedTopic: Hex = topicOf('Subscribed')

/** The first topic of `PlanChanged`. */
export const planChangedTopic: Hex = topicOf('PlanChanged')

/**
 * Reads one log. Undefined when it is none of these events, is another contract's, or names terms whose hash is not its
 * id, which only a node that lies can produce.
 *
 * @param log of any contract
 * @param deployment where the contract lives
 */
export function readEvent(log: Log, deployment: Deployment): SubscriptionEvent | undefined {
  if (log.address.toLowerCase() !== deployment.contract.toLowerCase()) return undefined
  const event = decode(log)
  if (event === undefined) return undefined
  switch (event.eventName) {
    case 'PlanCreated': {
      const plan = planOf(event.args.plan)
      if (planId({ ...deployment, plan }) !== event.args.planId) return undefined
      return { type: 'plan-created', planId: event.args.planId, plan }
    }
    case 'PriceSet':
      return { type: 'price-set', ...event.args }
    case 'Subscribed':
      return { type: 'subscribed', ...event.args }
    case 'Charged':
      return { type: 'charged', ...event.args }
    case 'ChargeFailed':
      return { type: 'charge-failed', ...event.args, reason: reasonOf(event.args.reason) }
    case 'SubscriptionPaused':
      return { type: 'paused', ...event.args }
    case 'SubscriptionResumed':
      return { type: 'resumed', ...event.args }
    case 'SubscriptionCancelled':
      return { type: 'cancelled', ...event.args }
    case 'PlanChanged':
      return { type: 'plan-changed', ...event.args }
    case 'Funded':
      return { type: 'funded', ...event.args }
    case 'Withdrawn':
      return { type: 'withdrawn', ...event.args }
    default:
      return undefined
  }
}

function decode({ data, topics }: Log) {
  try {
    return decodeEventLog({ abi: subscriptionsEvents, data, topics })
  } catch {
    return undefined
  }
}

/**
 * The event of a type that a mined transaction has of a plan or subscription; undefined when it has none.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param id the plan's or the subscription's
 * @param type which event
 */
export function findEvent<type extends SubscriptionEvent['type']>(
  { logs }: Mined,
  deployment: Deployment,
  id: Hex,
  type: type,
): Extract<SubscriptionEvent, { type: type }> | undefined {
  return logs
    .map((log) => readEvent(log, deployment))
    .find(
      (event): event is Extract<SubscriptionEvent, { type: type }> =>
        event?.type === type && ('subscriptionId' in event ? event.subscriptionId : event.planId) === id,
    )
}

/**
 * The event that a mined transaction must have of a plan or subscription.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param id the plan's or the subscription's
 * @param type which event
 * @throws SluiceError `internal` when it is not there, which only a node that lies can cause
 */
export function requireEvent<type extends SubscriptionEvent['type']>(
  mined: Mined,
  deployment: Deployment,
  id: Hex,
  type: type,
): Extract<SubscriptionEvent, { type: type }> {
  const found = findEvent(mined, deployment, id, type)
  if (found !== undefined) return found
  throw new SluiceError({
    code: 'internal',
    message: 'The transaction was mined, but the subscription does not show it.',
    details: `transaction ${mined.hash} has no event "${type}" of ${id} from ${deployment.contract}`,
  })
}
