import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { keptPayments, type KeptPayment } from '../chain/owed.js'
import { transact, type Mined, type WriteParameters } from '../chain/transact.js'
import type { Address, Deployment, Hex } from '../types.js'
import { eventsOf, requireEvent } from './events.js'
import { orderId, type Order } from './order.js'
import { escrow } from './product.js'

/** What every action takes that pays nothing in. */
export type OrderParameters = WriteParameters & { readonly order: Order }

/** What every call of an order is built from. */
export type OrderCallParameters = { readonly contract: Address; readonly order: Order }

/** A transaction about an order that succeeded. */
export type OrderReceipt = {
  readonly orderId: Hex
  readonly hash: Hex
  readonly blockNumber: bigint
  /** What could not be paid to its recipient and is kept for it: see `withdrawOwed`. */
  readonly kept: readonly KeptPayment[]
}

/** Money that went to the receiver's side. Base units. */
export type Release = {
  /** In all, the fee included. */
  readonly released: bigint
  /** The fee recipient's part of it. */
  readonly fee: bigint
}

/** Money that went to both sides. Base units. */
export type Split = {
  /** The fee included. */
  readonly toReceiver: bigint
  readonly toPayer: bigint
  /** Out of `toReceiver`. */
  readonly fee: bigint
}

/** A transaction about an order, with its events. */
export type OrderTransaction = {
  readonly mined: Mined
  readonly deployment: Deployment
  readonly receipt: OrderReceipt
}

/**
 * Sends a call about an order and waits until it succeeded.
 *
 * @param client a wallet client
 * @param parameters the order, and how the end is awaited
 * @param build the call
 * @throws SluiceError why the contract would refuse it, with both numbers, before anybody is asked
 */
export async function act(
  client: ChainClient,
  parameters: OrderParameters,
  build: (contract: Address) => ContractCall,
): Promise<OrderTransaction> {
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, escrow)
  const id = orderId({ ...deployment, order: parameters.order })
  const mined = await transact(client, account, build(deployment.contract), escrow, parameters)
  return { mined, deployment, receipt: receiptOf(mined, deployment, id) }
}

/**
 * What every action returns of a mined transaction.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param id the order's
 */
export function receiptOf(mined: Mined, deployment: Deployment, id: Hex): OrderReceipt {
  const { hash, blockNumber } = mined
  return { orderId: id, hash, blockNumber, kept: keptPayments(mined, deployment) }
}

/**
 * What of an order's money a mined transaction sent to the receiver's side; nothing is a release of zero.
 *
 * @param transaction of the order
 */
export function releaseIn({ mined, deployment, receipt }: OrderTransaction): Release {
  const releases = eventsOf(mined, deployment, receipt.orderId).filter((event) => event.type === 'released')
  return {
    released: releases.reduce((sum, { amount }) => sum + amount, 0n),
    fee: releases.reduce((sum, { fee }) => sum + fee, 0n),
  }
}

/**
 * How a mined transaction split what was disputed.
 *
 * @param transaction of the order
 * @param type what split it
 * @throws SluiceError `internal` when it did not
 */
export function splitIn(transaction: OrderTransaction, type: 'ruled' | 'timed-out' | 'settled'): Split {
  const { mined, deployment, receipt } = transaction
  const { toReceiver, toPayer } = requireEvent(mined, deployment, receipt.orderId, type)
  return { toReceiver, toPayer, fee: releaseIn(transaction).fee }
}
