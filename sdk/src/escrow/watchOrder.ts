import type { ChainClient } from '../chain/context.js'
import { watchEvents, type Watched, type WatchedBlock, type WatchParameters } from '../chain/watchEvents.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { orderEventTopics, readEvent, type OrderEvent } from './events.js'
import { escrow } from './product.js'

/**
 * Tells what happens to orders on the chain as it happens. An event whose block a reorganisation undid is told again with
 * `removed: true`, newest first, before what took its place. Errors are told and the watch goes on.
 *
 * @param client any viem client
 * @param parameters which orders, and who is told
 * @returns ends the watch; nothing is told afterwards
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { watchOrder } from '@sluice/sdk/escrow'
 *
 * function warn(client: PublicClient, orderId: `0x${string}`) {
 *   return watchOrder(client, {
 *     orderId,
 *     onEvent: (event) => {
 *       if (event.type === 'disputed' && !event.removed) console.log('to be ruled before', event.rulableUntil)
 *     },
 *   })
 * }
 * ```
 */
export function watchOrder(client: ChainClient, parameters: watchOrder.Parameters): watchOrder.ReturnType {
  const filters = [[orderEventTopics, parameters.orderId ?? null]]
  return watchEvents(client, { product: escrow, filters, read: readEvent }, parameters)
}

export declare namespace watchOrder {
  type Event = Watched<OrderEvent>
  type Block = WatchedBlock
  type Parameters = WatchParameters<OrderEvent> & {
    /** One order or several; default: every order of the contract. */
    readonly orderId?: Hex | readonly Hex[] | undefined
  }
  type ReturnType = () => void
  type ErrorType = SluiceError
}
