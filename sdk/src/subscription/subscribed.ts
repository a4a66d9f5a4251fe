import type { Mined } from '../chain/transact.js'
import type { Deployment } from '../types.js'
import type { SubscriptionReceipt } from './act.js'
import { findEvent, requireEvent } from './events.js'

/** A subscription that began. Amounts in base units, times in seconds. */
export type Subscribed = SubscriptionReceipt & {
  /** Agreed for a period. */
  readonly price: bigint
  readonly startedAt: number
  /** End of what is paid, or of the trial. */
  readonly paidUntil: number
  /** Paid for the first period at once; 0: a trial, or a later start. */
  readonly charged: bigint
}

/**
 * Reads from a mined transaction how a subscription began.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param receipt which subscription
 */
export function subscribedBy(mined: Mined, deployment: Deployment, receipt: SubscriptionReceipt): Subscribed {
  const { subscriptionId: id } = receipt
  const { price, startedAt, paidUntil } = requireEvent(mined, deployment, id, 'subscribed')
  const charged = findEvent(mined, deployment, id, 'charged')
  return {
    ...receipt,
    price,
    startedAt,
    paidUntil: charged?.paidUntil ?? paidUntil,
    charged: charged?.price ?? 0n,
  }
}
