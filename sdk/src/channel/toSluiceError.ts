import type { SluiceError } from '../errors.js'
import { revertDataOf, walletError, type ErrorContext } from './walletErrors.js'

/**
 * Any error of a wallet, a node, viem or ethers as a `SluiceError`: what the person reads and can do next. A revert of
 * the contract is read with its numbers; the table for that is loaded only then.
 *
 * @param error whatever was thrown; a `SluiceError` comes back unchanged
 * @param context what is known where it surfaced
 *
 * @example
 * ```ts
 * import { toSluiceError } from '@sluice/sdk/channel'
 *
 * const error = await toSluiceError({ code: 4001, message: 'User rejected the request.' })
 * console.log(error.message) // You cancelled. Nothing was charged.
 * ```
 */
export async function toSluiceError(error: unknown, context: ErrorContext = {}): Promise<SluiceError> {
  const mapped = walletError(error, context)
  const data =
    mapped.code === 'internal' || mapped.code === 'transaction-reverted' ? revertDataOf(error) : undefined
  if (mapped === error || data === undefined) return mapped
  const { revertToSluiceError } = await import('./revertErrors.js')
  return revertToSluiceError(data, error)
}
