import type { Config } from 'wagmi'
import { findChannels } from '../../channel/findChannels.js'
import type { Address } from '../../types.js'
import { queryOf, type QueryOptions, type QueryParameters } from './query.js'

/** Whose channels, in which role, in which blocks. */
export type ChannelsQueryParameters = QueryParameters &
  Omit<findChannels.Parameters, 'account' | 'onProgress'> & { readonly account: Address | undefined }

/**
 * The question {@link findChannels} answers, for query libraries.
 *
 * @param config wagmi's
 * @param parameters whose channels
 *
 * @example
 * ```ts
 * import type { Config } from 'wagmi'
 * import { channelsQueryOptions } from '@sluice/sdk/react'
 *
 * const keyOf = (config: Config, account: `0x${string}`) => channelsQueryOptions(config, { account }).queryKey
 * ```
 */
export function channelsQueryOptions(
  config: Config,
  parameters: ChannelsQueryParameters,
): QueryOptions<findChannels.ReturnType> {
  const { chainId, query, account, ...rest } = parameters
  const what = account === undefined ? undefined : { ...rest, account }
  return queryOf(config, { chainId, query, what }, 'channels', findChannels)
}
