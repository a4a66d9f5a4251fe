'use client'
import { useConfig, useConnection } from 'wagmi'
import { activeSubscriptionQueryOptions } from '../queries/subscription.js'
import type { useSubscription } from './useSubscription.js'
import { useAnswer, type Answer } from './useAnswer.js'

/**
 * Whether a subscriber has access now: within what is paid, a trial, or grace.
 *
 * @param parameters the plan, or its id, and the subscriber; default: the account that is connected
 * @returns wagmi's query result
 *
 * @example
 * ```ts
 * import { useActiveSubscription } from '@sluice/sdk/react'
 *
 * function useMayEnter(planId: `0x${string}`): boolean {
 *   return useActiveSubscription({ plan: { planId } }).data ?? false
 * }
 * ```
 */
export function useActiveSubscription(
  parameters: useSubscription.Parameters,
): useActiveSubscription.ReturnType {
  const { address } = useConnection()
  const subscriber = parameters.subscriber ?? address
  return useAnswer(activeSubscriptionQueryOptions(useConfig(), { ...parameters, subscriber }))
}

export declare namespace useActiveSubscription {
  type Parameters = useSubscription.Parameters
  type ReturnType = Answer<boolean>
}
