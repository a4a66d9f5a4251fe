import type { Config } from 'wagmi'
import { getChannel } from '../../channel/getChannel.js'
import { queryOf, type QueryOptions, type QueryParameters } from './query.js'

/** Which channel, once it is known. */
export type ChannelQueryParameters = QueryParameters & { readonly channel: getChannel.Parameters | undefined }

/**
 * The question {@link getChannel} answers, for query libraries.
 *
 * @param config wagmi's
 * @param parameters which channel, by id or terms
 *
 * @example
 * ```ts
 * import type { Config } from 'wagmi'
 * import { channelQueryOptions } from '@sluice/sdk/react'
 *
 * const keyOf = (config: Config, channelId: `0x${string}`) =>
 *   channelQueryOptions(config, { channel: { channelId } }).queryKey
 * ```
 */
export function channelQueryOptions(
  config: Config,
  parameters: ChannelQueryParameters,
): QueryOptions<getChannel.ReturnType> {
  return queryOf(config, { ...parameters, what: parameters.channel }, 'channel', getChannel)
}
