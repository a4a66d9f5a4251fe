'use client'
import { useConfig, useConnection } from 'wagmi'
import type { getSubscription } from '../../subscription/getSubscription.js'
import type { Address } from '../../types.js'
import { subscriptionQueryOptions, type SubscriptionQueryParameters } from '../queries/subscription.js'
import { useAnswer, type Answer } from './useAnswer.js'

/**
 * What the chain knows of a subscription.
 *
 * @param parameters the plan, or its id, and the subscriber; default: the account that is connected
 * @returns wagmi's query result: `data` in base units and seconds
 *
 * @example
 * ```ts
 * import { useSubscription } from '@sluice/sdk/react'
 *
 * function usePaidUntil(planId: `0x${string}`): number | undefined {
 *   return useSubscription({ plan: { planId } }).data?.paidUntil
 * }
 * ```
 */
export function useSubscription(parameters: useSubscription.Parameters): useSubscription.ReturnType {
  const { address } = useConnection()
  const subscriber = parameters.subscriber ?? address
  return useAnswer(subscriptionQueryOptions(useConfig(), { ...parameters, subscriber }))
}

export declare namespace useSubscription {
  type Parameters = Omit<SubscriptionQueryParameters, 'subscriber'> & {
    readonly subscriber?: Address | undefined
  }
  type ReturnType = Answer<getSubscription.ReturnType>
}
