import type { Plan, SubscriptionState } from '@sluice/sdk/subscription'
import { jsonAmount, showAmount, showMoment, type TokenInfo } from '../amounts.js'

/**
 * A plan in pairs for people.
 *
 * @param plan the terms
 * @param token of the plan
 * @param price what it costs now; undefined: it was never created
 */
export function planPairs(
  plan: Plan,
  token: TokenInfo,
  price: bigint | undefined,
): readonly (readonly [string, string])[] {
  return [
    ['merchant', plan.merchant],
    ['price', `${showAmount(price ?? plan.price, token)} for ${periodText(plan)}`],
    ['tip', `${showAmount(plan.tip, token)} to whoever charges`],
    ['trial', `${plan.trial} seconds`],
    ['grace', `${plan.grace} seconds`],
    ['created', price === undefined ? 'no' : 'yes'],
  ]
}

/** A period as people say it, such as `1 month`. */
export function periodText({ unit, period }: Plan): string {
  return `${period} ${unit}${period === 1 ? '' : 's'}`
}

/** A subscription in pairs for people. */
export function subscriptionPairs(
  state: SubscriptionState,
  token: TokenInfo,
): readonly (readonly [string, string])[] {
  return [
    ['price', showAmount(state.price, token)],
    ['started', showMoment(state.startedAt)],
    ['paid until', showMoment(state.paidUntil)],
    ['ends', state.end === 0 ? 'when cancelled' : showMoment(state.end)],
    ['paused', state.paused ? 'yes' : 'no'],
    ['prepaid', showAmount(state.balance, token)],
  ]
}

/** A subscription for machines. */
export function subscriptionJson(state: SubscriptionState, token: TokenInfo) {
  return { ...state, price: jsonAmount(state.price, token), balance: jsonAmount(state.balance, token) }
}
