import { parseEventLogs } from 'viem'
import { streamChannelsEvents } from '../abi/streamChannelsEvents.js'
import { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import type { Mined } from '../chain/transact.js'

/** How a channel ended. */
export type ClosedChannel = {
  readonly channelId: Hex
  readonly hash: Hex
  readonly blockNumber: bigint
  /** Base units that went to the payee in all. */
  readonly captured: bigint
  /** Base units that went back to the payer. */
  readonly refunded: bigint
}

/**
 * Reads from a mined transaction how it ended a channel.
 *
 * @param channelId the channel's
 * @param mined the transaction
 */
export function closedBy(channelId: Hex, { hash, blockNumber, logs }: Mined): ClosedChannel {
  const events = parseEventLogs({ abi: streamChannelsEvents, eventName: 'ChannelClosed', logs: [...logs] })
  const event = events.find(({ args }) => args.channelId === channelId)
  if (event === undefined) {
    throw new SluiceError({
      code: 'internal',
      message: 'The transaction was mined, but the channel is not closed.',
      details: `transaction ${hash} has no ChannelClosed event of channel ${channelId}`,
    })
  }
  const { captured, refunded } = event.args
  return { channelId, hash, blockNumber, captured, refunded }
}
