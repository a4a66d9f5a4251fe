import { SluiceError } from '../errors.js'
import type { Channel, ChannelState, Deployment, Hex } from '../types.js'
import { channelId } from './channelId.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { streamChannels } from './product.js'
import { readState } from './getChannel.js'

/** A channel that has not ended. */
export type OpenChannel = {
  readonly deployment: Deployment
  readonly channelId: Hex
  readonly state: ChannelState
}

/**
 * Reads a channel that an action is about to end or to claim from.
 *
 * @param client any viem client
 * @param parameters the terms
 * @throws SluiceError `channel-not-open`, `channel-closed`
 */
export async function requireOpen(
  client: ChainClient,
  parameters: ReadParameters & { readonly channel: Channel },
): Promise<OpenChannel> {
  const deployment = await resolveDeployment(client, parameters, streamChannels)
  const id = channelId({ ...deployment, channel: parameters.channel })
  const state = await readState(client, deployment, id)
  const details = `channel ${id} on chain ${deployment.chainId}`
  if (state.openedAt === 0) {
    throw new SluiceError({ code: 'channel-not-open', message: 'This channel was never opened.', details })
  }
  if (state.closed)
    throw new SluiceError({ code: 'channel-closed', message: 'This channel is closed.', details })
  return { deployment, channelId: id, state }
}
