import { toSluiceError as read } from '../chain/toSluiceError.js'
import type { ErrorContext } from '../chain/walletErrors.js'
import type { SluiceError } from '../errors.js'
import { subscriptions } from './product.js'

/**
 * Any error of a wallet, a node, viem or ethers as a `SluiceError`: what the person reads and can do next. A revert of
 * `Subscriptions` is read with its numbers; the table for that is loaded only then.
 *
 * @param error whatever was thrown; a `SluiceError` comes back unchanged
 * @param context what is known where it surfaced
 *
 * @example
 * ```ts
 * import { toSluiceError } from '@sluice/sdk/subscription'
 *
 * const error = await toSluiceError({ code: 4001, message: 'User rejected the request.' })
 * console.log(error.message) // You cancelled. Nothing was charged.
 * ```
 */
export async function toSluiceError(error: unknown, context: ErrorContext = {}): Promise<SluiceError> {
  return await read(error, { ...subscriptions, ...context })
}
