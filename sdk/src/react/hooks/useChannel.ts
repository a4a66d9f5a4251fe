'use client'
import { useConfig } from 'wagmi'
import type { getChannel } from '../../channel/getChannel.js'
import { channelQueryOptions, type ChannelQueryParameters } from '../queries/channel.js'
import { useAnswer, type Answer } from './useAnswer.js'

/**
 * What the chain knows of a channel.
 *
 * @param parameters which channel; undefined as long as it is not known
 * @returns wagmi's query result: `data` in base units and seconds, `error` a SluiceError
 *
 * @example
 * ```ts
 * import { useChannel } from '@sluice/sdk/react'
 *
 * function useLeft(channelId: `0x${string}`): bigint | undefined {
 *   const { data } = useChannel({ channel: { channelId }, query: { refetchInterval: 4_000 } })
 *   return data && data.deposited - data.claimed
 * }
 * ```
 */
export function useChannel(parameters: ChannelQueryParameters): useChannel.ReturnType {
  return useAnswer(channelQueryOptions(useConfig(), parameters))
}

export declare namespace useChannel {
  type Parameters = ChannelQueryParameters
  type ReturnType = Answer<getChannel.ReturnType>
}
