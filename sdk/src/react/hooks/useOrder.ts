'use client'
import { useConfig } from 'wagmi'
import type { getOrder } from '../../escrow/getOrder.js'
import { orderQueryOptions, type OrderQueryParameters } from '../queries/order.js'
import { useAnswer, type Answer } from './useAnswer.js'

/**
 * What the chain knows of an order.
 *
 * @param parameters the terms or the id; undefined as long as it is not known
 * @returns wagmi's query result: `data` in base units and seconds
 *
 * @example
 * ```ts
 * import type { Order } from '@sluice/sdk/escrow'
 * import { useOrder } from '@sluice/sdk/react'
 *
 * function useHeld(order: Order): bigint | undefined {
 *   const { data } = useOrder({ order: { order }, query: { refetchInterval: 4_000 } })
 *   return data && data.authorized + data.pending + data.disputed
 * }
 * ```
 */
export function useOrder(parameters: OrderQueryParameters): useOrder.ReturnType {
  return useAnswer(orderQueryOptions(useConfig(), parameters))
}

export declare namespace useOrder {
  type Parameters = OrderQueryParameters
  type ReturnType = Answer<getOrder.ReturnType>
}
