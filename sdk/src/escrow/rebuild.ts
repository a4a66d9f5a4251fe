import type { Log } from 'viem'
import type { Deployment, Hex } from '../types.js'
import { readEvents, type EscrowEvent } from './events.js'
import { orderId, type Order } from './order.js'

/** Where the money of an order is, as its events tell it. Base units. */
export type RebuiltOrder = {
  readonly orderId: Hex
  readonly order: Order
  /** Taken in. */
  readonly taken: bigint
  readonly authorized: bigint
  readonly pending: bigint
  readonly disputed: bigint
  /** Paid to the receiver's side and not refunded. */
  readonly released: bigint
  /** Paid to the fee recipient, part of what was released. */
  readonly fees: bigint
  /** Paid back to the payer. */
  readonly returned: bigint
}

/** Orders by id; plain data, to be kept and passed on with the next blocks. */
export type RebuiltOrders = Readonly<Record<Hex, RebuiltOrder>>

/**
 * Goes on rebuilding orders from the contract's logs: pass what the last call returned, and the logs since. The terms
 * stand in the event that authorized them, and are checked against their own hash.
 *
 * @param orders what was rebuilt before; `{}` at first
 * @param logs the contract's logs in the order of the chain, from `eth_getLogs` or viem's `getLogs`
 * @param deployment where the contract is; logs of others are ignored
 *
 * @example
 * ```ts
 * import type { Log } from 'viem'
 * import { rebuildOrders } from '@sluice/sdk/escrow'
 *
 * const held = (logs: readonly Log[], contract: `0x${string}`) =>
 *   Object.values(rebuildOrders({}, logs, { chainId: 8453, contract })).filter(({ authorized }) => authorized > 0n)
 * ```
 */
export function rebuildOrders(
  orders: RebuiltOrders,
  logs: readonly Log[],
  deployment: Deployment,
): RebuiltOrders {
  const next: Record<Hex, RebuiltOrder> = { ...orders }
  for (const event of readEvents(logs, deployment)) {
    if (!('orderId' in event.args)) continue
    if (event.eventName === 'OrderAuthorized') {
      const { orderId: id, order, amount } = event.args
      if (orderId({ ...deployment, order }) !== id || next[id] !== undefined) continue
      const nothing = { pending: 0n, disputed: 0n, released: 0n, fees: 0n, returned: 0n }
      next[id] = { orderId: id, order, taken: amount, authorized: amount, ...nothing }
      continue
    }
    const known = next[event.args.orderId]
    if (known !== undefined) next[known.orderId] = { ...known, ...changeOf(known, event) }
  }
  return next
}

/**
 * What an event changes. Every payment to the receiver's side ends with `OrderReleased`, which takes it from what is
 * pending; a ruling or a settlement therefore puts it there first.
 */
function changeOf(known: RebuiltOrder, event: EscrowEvent): Partial<RebuiltOrder> {
  const { authorized, pending, released, fees, returned } = known
  switch (event.eventName) {
    case 'OrderCaptured': {
      const { amount } = event.args
      return { authorized: authorized - amount, pending: pending + amount }
    }
    case 'MilestoneReleased':
      return {
        authorized: authorized - event.args.authorized,
        pending: pending + event.args.authorized,
      }
    case 'OrderReleased': {
      const { amount, fee } = event.args
      return { pending: pending - amount, released: released + amount, fees: fees + fee }
    }
    case 'OrderRefunded': {
      const { amount, pending: held } = event.args
      return {
        pending: pending - held,
        released: released - (amount - held),
        returned: returned + amount,
      }
    }
    case 'OrderVoided':
    case 'OrderReclaimed':
      return { authorized: authorized - event.args.amount, returned: returned + event.args.amount }
    case 'OrderDisputed':
      return { disputed: event.args.disputed, pending: 0n }
    case 'OrderRuled':
    case 'OrderTimedOut':
      return {
        disputed: 0n,
        pending: pending + event.args.toReceiver,
        returned: returned + event.args.toPayer,
      }
    case 'OrderSettled':
      return {
        authorized: 0n,
        disputed: 0n,
        pending: event.args.toReceiver,
        returned: returned + event.args.toPayer,
      }
    default:
      return {}
  }
}
