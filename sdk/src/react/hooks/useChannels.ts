'use client'
import { useConfig, useConnection } from 'wagmi'
import type { findChannels } from '../../channel/findChannels.js'
import type { Address } from '../../types.js'
import { channelsQueryOptions, type ChannelsQueryParameters } from '../queries/channels.js'
import { useAnswer, type Answer } from './useAnswer.js'

/**
 * Every channel of an account, rebuilt from the chain alone: what a browser that forgot everything can still find.
 *
 * @param parameters the account; default: the one that is connected
 * @returns wagmi's query result
 *
 * @example
 * ```ts
 * import { useChannels } from '@sluice/sdk/react'
 *
 * function useOpenChannels() {
 *   const { data } = useChannels({ role: 'payer' })
 *   return data?.channels.filter(({ status }) => status === 'open') ?? []
 * }
 * ```
 */
export function useChannels(parameters: useChannels.Parameters = {}): useChannels.ReturnType {
  const { address } = useConnection()
  const account = parameters.account ?? address
  return useAnswer(channelsQueryOptions(useConfig(), { ...parameters, account }))
}

export declare namespace useChannels {
  type Parameters = Omit<ChannelsQueryParameters, 'account'> & { readonly account?: Address | undefined }
  type ReturnType = Answer<findChannels.ReturnType>
}
