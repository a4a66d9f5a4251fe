import type { ChainClient } from '../chain/context.js'
import { watchEvents, type Watched, type WatchedBlock, type WatchParameters } from '../chain/watchEvents.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { channelEventTopics, readEvent, type ChannelEvent } from './events.js'
import { streamChannels } from './product.js'

/**
 * Tells what happens to channels on the chain as it happens, close requests included. An event whose block a
 * reorganisation undid is told again with `removed: true`, newest first, before what took its place. Errors are told and
 * the watch goes on: nothing is missed over an outage of the node or a sleep of the machine.
 *
 * A new block is noticed by subscription where the transport has one, else by polling.
 *
 * @param client any viem client
 * @param parameters which channels, and who is told
 * @returns ends the watch; nothing is told afterwards
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { watchChannel } from '@sluice/sdk/channel'
 *
 * function warn(client: PublicClient, channelId: `0x${string}`) {
 *   return watchChannel(client, {
 *     channelId,
 *     onEvent: (event) => {
 *       if (event.type === 'close-requested' && !event.removed) console.log('claim before', event.withdrawableAt)
 *     },
 *   })
 * }
 * ```
 */
export function watchChannel(
  client: ChainClient,
  parameters: watchChannel.Parameters,
): watchChannel.ReturnType {
  const filters = [[channelEventTopics, parameters.channelId ?? null]]
  return watchEvents(client, { product: streamChannels, filters, read: readEvent }, parameters)
}

export declare namespace watchChannel {
  type Event = Watched<ChannelEvent>
  type Block = WatchedBlock
  type Parameters = WatchParameters<ChannelEvent> & {
    /** One channel or several; default: every channel of the contract. */
    readonly channelId?: Hex | readonly Hex[] | undefined
  }
  type ReturnType = () => void
  type ErrorType = SluiceError
}
