import type { Log } from 'viem'
import type { Address, Deployment, Hex } from '../types.js'
import { readEvent, type SubscriptionEvent } from './events.js'
import type { Plan } from './types.js'

/** A plan as its events tell it. */
export type RebuiltPlan = {
  readonly planId: Hex
  readonly plan: Plan
  /** What it costs who agrees to it now, base units. */
  readonly price: bigint
}

/** A subscription as its events tell it. Amounts in base units, times in seconds. */
export type RebuiltSubscription = {
  readonly subscriptionId: Hex
  readonly planId: Hex
  readonly subscriber: Address
  /** Agreed for a period. */
  readonly price: bigint
  /** End of what is paid, or of the trial. */
  readonly paidUntil: number
  /** No period begins at or after it; 0: open. */
  readonly end: number
  readonly paused: boolean
  /** Paid in periods since it was first seen. */
  readonly charged: bigint
}

/** Plans and subscriptions by id; plain data, to be kept and passed on with the next blocks. */
export type Rebuilt = {
  readonly plans: Readonly<Record<Hex, RebuiltPlan>>
  readonly subscriptions: Readonly<Record<Hex, RebuiltSubscription>>
}

/** What is known before the first log. */
export const nothingRebuilt: Rebuilt = { plans: {}, subscriptions: {} }

/**
 * Goes on rebuilding plans and subscriptions from the contract's logs: pass what the last call returned, and the logs
 * since. The terms of plans are checked against their own hash.
 *
 * @param before what was rebuilt so far; `nothingRebuilt` at first
 * @param logs in the order of the chain, from `eth_getLogs` or viem's `getLogs`
 * @param deployment where the contract is; logs of others are ignored
 *
 * @example
 * ```ts
 * import type { Log } from 'viem'
 * import { nothingRebuilt, rebuildSubscriptions } from '@sluice/sdk/subscription'
 *
 * const subscribers = (logs: readonly Log[], contract: `0x${string}`) =>
 *   Object.values(rebuildSubscriptions(nothingRebuilt, logs, { chainId: 8453, contract }).subscriptions)
 * ```
 */
export function rebuildSubscriptions(before: Rebuilt, logs: readonly Log[], deployment: Deployment): Rebuilt {
  const plans = new Map(Object.values(before.plans).map((each) => [each.planId, each]))
  const subscriptions = new Map(
    Object.values(before.subscriptions).map((each) => [each.subscriptionId, each]),
  )
  for (const log of logs) {
    const event = readEvent(log, deployment)
    if (event === undefined) continue
    if (event.type === 'plan-created') {
      const { planId, plan } = event
      plans.set(planId, { planId, plan, price: plan.price })
    } else if (event.type === 'price-set') {
      const known = plans.get(event.planId)
      if (known !== undefined) plans.set(event.planId, { ...known, price: event.price })
    } else {
      const next = changed(event, subscriptions.get(event.subscriptionId))
      // Who changes to another plan leaves nothing on the one before.
      if (event.type === 'plan-changed') subscriptions.delete(event.subscriptionId)
      if (next !== undefined) subscriptions.set(next.subscriptionId, next)
    }
  }
  return { plans: Object.fromEntries(plans), subscriptions: Object.fromEntries(subscriptions) }
}

type OfSubscription = Exclude<SubscriptionEvent, { readonly type: 'plan-created' | 'price-set' }>

function changed(
  event: OfSubscription,
  known: RebuiltSubscription | undefined,
): RebuiltSubscription | undefined {
  if (event.type === 'subscribed') {
    const { subscriptionId, planId, subscriber, price, paidUntil, end } = event
    const charged = known?.charged ?? 0n
    return { subscriptionId, planId, subscriber, price, paidUntil, end, paused: false, charged }
  }
  if (known === undefined) return undefined
  switch (event.type) {
    case 'charged': {
      const { price, paidUntil } = event
      return { ...known, price, paidUntil, charged: known.charged + price }
    }
    case 'paused':
      return { ...known, paused: true }
    case 'resumed':
      return { ...known, paused: false }
    case 'cancelled':
      return { ...known, end: event.end, paused: false }
    case 'plan-changed': {
      const { newSubscriptionId: subscriptionId, newPlanId: planId, price, paidUntil } = event
      return { ...known, subscriptionId, planId, price, paidUntil }
    }
    case 'charge-failed':
    case 'funded':
    case 'withdrawn':
      return known
  }
}
