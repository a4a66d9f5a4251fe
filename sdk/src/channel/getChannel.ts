import { streamChannelsFunctions } from '../abi/streamChannelsFunctions.js'
import type { SluiceError } from '../errors.js'
import type { Channel, ChannelState, Deployment, Hex } from '../types.js'
import { channelId } from './channelId.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import { streamChannels } from './product.js'

/**
 * What the chain knows of a channel, by its id or its terms.
 *
 * @param client any viem client
 * @param parameters which channel, and at which block
 * @returns base units, seconds, and the channel's status; with terms also the second from which on `withdraw` works
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`
 *
 * @example
 * ```ts
 * import { createPublicClient, http } from 'viem'
 * import { base } from 'viem/chains'
 * import { getChannel } from '@sluice/sdk/channel'
 *
 * async function left(channelId: `0x${string}`) {
 *   const client = createPublicClient({ chain: base, transport: http() })
 *   const { deposited, claimed } = await getChannel(client, { channelId })
 *   return deposited - claimed
 * }
 * ```
 */
export async function getChannel(
  client: ChainClient,
  parameters: getChannel.Parameters,
): Promise<getChannel.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, streamChannels)
  const { channel } = parameters
  const id = channel === undefined ? parameters.channelId : channelId({ ...deployment, channel })
  const state = await readState(client, deployment, id, parameters)
  const withdrawableAt =
    channel === undefined || state.closeRequestedAt === 0 ? undefined : state.closeRequestedAt + channel.grace
  return { channelId: id, ...state, status: statusOf(state), withdrawableAt }
}

export declare namespace getChannel {
  type Which =
    | { readonly channelId: Hex; readonly channel?: undefined }
    | { readonly channel: Channel; readonly channelId?: undefined }
  type At = {
    /** Default: the latest block. */
    readonly blockNumber?: bigint | undefined
  }
  type Parameters = ReadParameters & Which & At
  type ReturnType = ChannelState & {
    readonly channelId: Hex
    readonly status: ChannelStatus
    /** Second from which on anyone may send the remainder to the payer; undefined without terms or request. */
    readonly withdrawableAt: number | undefined
  }
  type ErrorType = SluiceError
}

/**
 * - `unopened`: never funded, as far as this block knows
 * - `open`: deposits and claims are possible
 * - `closing`: the payer asked to close; the payee can still claim, no deposit is accepted
 * - `closed`: for ever
 */
export type ChannelStatus = 'unopened' | 'open' | 'closing' | 'closed'

/**
 * The status that a state amounts to.
 *
 * @param state as the chain tells it
 */
export function statusOf(state: ChannelState): ChannelStatus {
  if (state.closed) return 'closed'
  if (state.openedAt === 0) return 'unopened'
  return state.closeRequestedAt === 0 ? 'open' : 'closing'
}

/**
 * Reads one channel's state.
 *
 * @param client any viem client
 * @param deployment where the channel lives
 * @param id the channel's
 * @param at the block; default: the latest
 */
export async function readState(
  client: ChainClient,
  deployment: Deployment,
  id: Hex,
  at: getChannel.At = {},
): Promise<ChannelState> {
  const { blockNumber } = at
  const [deposited, claimed, openedAt, closeRequestedAt, closed] = await readView(
    client,
    streamChannels,
    deployment,
    {
      abi: streamChannelsFunctions,
      functionName: 'channelState',
      args: [id],
      blockNumber,
    },
  )
  return { deposited, claimed, openedAt, closeRequestedAt, closed }
}
