import { decodeEventLog, encodeEventTopics, type Log } from 'viem'
import { streamChannelsEvents } from '../abi/streamChannelsEvents.js'
import { placeOfLog, type EventPlace } from '../chain/eventWindow.js'
import type { Channel, Deployment, Hex } from '../types.js'
import { channelId } from './channelId.js'

/** What happened to a channel on the chain. Amounts in base units, times in seconds. */
export type ChannelEvent = EventPlace & { readonly channelId: Hex } & (
    | { readonly type: 'opened'; readonly channel: Channel; readonly deposited: bigint }
    | { readonly type: 'deposited'; readonly amount: bigint; readonly deposited: bigint }
    | { readonly type: 'claimed'; readonly claimed: bigint }
    | { readonly type: 'close-requested'; readonly withdrawableAt: number }
    | { readonly type: 'closed'; readonly captured: bigint; readonly refunded: bigint }
  )

/** The first topics of all events of `StreamChannels` about channels. */
export const channelEventTopics: readonly Hex[] = (
  ['ChannelOpened', 'ChannelDeposited', 'ChannelClaimed', 'ChannelCloseRequested', 'ChannelClosed'] as const
).flatMap((eventName) => {
  const [topic] = encodeEventTopics({ abi: streamChannelsEvents, eventName })
  return [topic]
})

/** The first topic of `ChannelOpened`. */
export const openedTopic: Hex = encodeEventTopics({
  abi: streamChannelsEvents,
  eventName: 'ChannelOpened',
})[0]

/**
 * Reads one log. Undefined when it is no event of a channel, is still pending, or names terms whose hash is not its id,
 * which only a node that lies can produce.
 *
 * @param log of the contract
 * @param deployment where the contract lives
 */
export function readEvent(log: Log, deployment: Deployment): ChannelEvent | undefined {
  const place = placeOfLog(log)
  if (place === undefined) return undefined
  const event = decode(log)
  switch (event?.eventName) {
    case 'ChannelOpened': {
      const { channelId: id, channel, deposited } = event.args
      if (channelId({ ...deployment, channel }) !== id) return undefined
      return { ...place, type: 'opened', channelId: id, channel, deposited }
    }
    case 'ChannelDeposited':
      return { ...place, type: 'deposited', ...event.args }
    case 'ChannelClaimed':
      return { ...place, type: 'claimed', ...event.args }
    case 'ChannelCloseRequested': {
      const { channelId: id, withdrawableAt } = event.args
      return { ...place, type: 'close-requested', channelId: id, withdrawableAt: Number(withdrawableAt) }
    }
    case 'ChannelClosed':
      return { ...place, type: 'closed', ...event.args }
    default:
      return undefined
  }
}

function decode({ data, topics }: Log) {
  try {
    return decodeEventLog({ abi: streamChannelsEvents, data, topics })
  } catch {
    return undefined
  }
}
