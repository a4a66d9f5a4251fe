import { escrowFunctions } from '../abi/escrowFunctions.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import type { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'
import { orderId, type Order } from './order.js'
import { escrow } from './product.js'

/** What the contract knows of an order. Amounts in base units, times in seconds. */
export type OrderState = {
  /** Whether it was ever paid; all else is zero before. */
  readonly opened: boolean
  /** Taken from the payer and not captured. */
  readonly authorized: bigint
  /** Captured, neither released nor disputed. */
  readonly pending: bigint
  /** Frozen until it is split. */
  readonly disputed: bigint
  /** Paid to the receiver and the fee recipient, and not refunded. */
  readonly released: bigint
  /** The rate for what is released next, in ten-thousandths. */
  readonly feeBps: number
  /** From when on anyone may release what is pending, and the payer may no longer dispute it; 0: nothing is pending. */
  readonly releasableAt: number
  /** From when on the arbiter can no longer split what is disputed, and the default share decides; 0: nothing is. */
  readonly rulableUntil: number
}

/**
 * - `unpaid`: never authorized, as far as this block knows
 * - `open`: something is authorized, pending or disputed
 * - `over`: everything was paid out, for ever
 */
export type OrderStatus = 'unpaid' | 'open' | 'over'

/**
 * What the chain knows of an order, by its terms or its id.
 *
 * @param client any viem client
 * @param parameters which order, and at which block
 * @returns base units, seconds, and the order's status
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { getOrder, type Order } from '@sluice/sdk/escrow'
 *
 * async function held(client: PublicClient, order: Order) {
 *   const { authorized, pending, disputed } = await getOrder(client, { order })
 *   return authorized + pending + disputed
 * }
 * ```
 */
export async function getOrder(
  client: ChainClient,
  parameters: getOrder.Parameters,
): Promise<getOrder.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, escrow)
  const { order } = parameters
  const id = order === undefined ? parameters.orderId : orderId({ ...deployment, order })
  const state = await readState(client, deployment, id, parameters)
  return { orderId: id, ...state, status: statusOf(state) }
}

export declare namespace getOrder {
  type Which =
    | { readonly orderId: Hex; readonly order?: undefined }
    | { readonly order: Order; readonly orderId?: undefined }
  type At = {
    /** Default: the latest block. */
    readonly blockNumber?: bigint | undefined
  }
  type Parameters = ReadParameters & Which & At
  type ReturnType = OrderState & { readonly orderId: Hex; readonly status: OrderStatus }
  type ErrorType = SluiceError
}

/**
 * The status that a state amounts to.
 *
 * @param state as the chain tells it
 */
export function statusOf({ opened, authorized, pending, disputed }: OrderState): OrderStatus {
  if (!opened) return 'unpaid'
  return authorized + pending + disputed === 0n ? 'over' : 'open'
}

/**
 * Reads one order's state.
 *
 * @param client any viem client
 * @param deployment where the order lives
 * @param id the order's
 * @param at the block; default: the latest
 */
export async function readState(
  client: ChainClient,
  deployment: Deployment,
  id: Hex,
  { blockNumber }: getOrder.At = {},
): Promise<OrderState> {
  return await readView(client, escrow, deployment, {
    abi: escrowFunctions,
    functionName: 'orderState',
    args: [id],
    blockNumber,
  })
}
