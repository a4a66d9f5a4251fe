import type { Log } from 'viem'
import type { Deployment, Hex } from '../types.js'
import { readEvent, type OrderEvent } from './events.js'
import type { Order } from './order.js'

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
  for (const log of logs) {
    const event = readEvent(log, deployment)
    if (event === undefined) continue
    const known = next[event.orderId]
    if (event.type === 'authorized') {
      if (known !== undefined) continue
      const { orderId, order, amount } = event
      const nothing = { pending: 0n, disputed: 0n, released: 0n, fees: 0n, returned: 0n }
      next[orderId] = { orderId, order, taken: amount, authorized: amount, ...nothing }
    } else if (known !== undefined) {
      next[event.orderId] = { ...known, ...changeOf(known, event) }
    }
  }
  return next
}

/**
 * What an event changes. Every payment to the receiver's side ends with `released`, which takes it from what is
 * pending; a ruling or a settlement therefore puts it there first.
 */
function changeOf(
  { authorized, pending, released, fees, returned }: RebuiltOrder,
  event: Exclude<OrderEvent, { type: 'authorized' }>,
): Partial<RebuiltOrder> {
  switch (event.type) {
    case 'captured':
      return { authorized: authorized - event.amount, pending: pending + event.amount }
    case 'milestone-released':
      return { authorized: authorized - event.authorized, pending: pending + event.authorized }
    case 'released': {
      const { amount, fee } = event
      return { pending: pending - amount, released: released + amount, fees: fees + fee }
    }
    case 'refunded': {
      const { amount, pending: held } = event
      return {
        pending: pending - held,
        released: released - (amount - held),
        returned: returned + amount,
      }
    }
    case 'voided':
    case 'reclaimed':
      return { authorized: authorized - event.amount, returned: returned + event.amount }
    case 'disputed':
      return { disputed: event.disputed, pending: 0n }
    case 'ruled':
    case 'timed-out':
      return { disputed: 0n, pending: pending + event.toReceiver, returned: returned + event.toPayer }
    case 'settled':
      return {
        authorized: 0n,
        disputed: 0n,
        pending: event.toReceiver,
        returned: returned + event.toPayer,
      }
  }
}
