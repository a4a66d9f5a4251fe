import type { Client } from 'viem'
import type { Deployment, Hex } from '@sluice/sdk'
import { renewable, type RebuiltSubscription, type Plan, type RenewalReason } from '@sluice/sdk/subscription'

/** Asks who is due, and nobody sooner than it can matter. */
export type DueList = {
  /**
   * Who of those given can be charged now.
   *
   * @param time second of the newest block
   */
  readonly ask: (
    plan: Plan,
    subscriptions: readonly RebuiltSubscription[],
    time: number,
  ) => Promise<readonly RebuiltSubscription[]>
}

/** Seconds after which somebody who cannot be charged is asked about again, when no time is known. */
const askAgainAfter: Readonly<Partial<Record<RenewalReason, number>>> = {
  'balance-too-low': 300,
  'allowance-too-low': 300,
  'token-refused': 3600,
  paused: 300,
  lapsed: 300,
  ended: 300,
}

/**
 * Makes a list.
 *
 * @param parameters where the contract is, and what reads it
 */
export function createDueList(parameters: {
  readonly client: Client
  readonly deployment: Deployment
}): DueList {
  const { client, deployment } = parameters
  const askAt = new Map<Hex, number>()
  return {
    async ask(plan, subscriptions, time) {
      const due: RebuiltSubscription[] = []
      for (const each of subscriptions) {
        if ((askAt.get(each.subscriptionId) ?? 0) > time) continue
        const { subscriber } = each
        const { reason, needed } = await renewable(client, {
          contract: deployment.contract,
          plan,
          subscriber,
        })
        if (reason === 'none') due.push(each)
        else
          askAt.set(each.subscriptionId, reason === 'not-due' ? soonest(needed, time) : later(reason, time))
      }
      return due
    },
  }
}

/** A plan may change meanwhile, which can only make a charge due sooner: a day is long enough not to look. */
function soonest(opensAt: bigint, time: number): number {
  return Math.min(Number(opensAt), time + 86_400)
}

function later(reason: RenewalReason, time: number): number {
  return time + (askAgainAfter[reason] ?? 60)
}
