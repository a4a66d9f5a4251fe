import type { Config } from 'wagmi'
import { getOrder } from '../../escrow/getOrder.js'
import { queryOf, type QueryOptions, type QueryParameters } from './query.js'

/** Which order, once it is known. */
export type OrderQueryParameters = QueryParameters & { readonly order: getOrder.Parameters | undefined }

/**
 * The question {@link getOrder} answers, for query libraries.
 *
 * @param config wagmi's
 * @param parameters which order, by id or terms
 */
export function orderQueryOptions(
  config: Config,
  parameters: OrderQueryParameters,
): QueryOptions<getOrder.ReturnType> {
  return queryOf(config, { ...parameters, what: parameters.order }, 'order', getOrder)
}
