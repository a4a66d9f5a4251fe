import type { SluiceError } from '../errors.js'
import type { RevertReader } from './product.js'
import { revertDataOf, walletError, type ErrorContext } from './walletErrors.js'

/**
 * Any error of a wallet, a node, viem or ethers as a `SluiceError`: what the person reads and can do next. A revert is
 * read with its numbers where the contract is known.
 *
 * @param error whatever was thrown; a `SluiceError` comes back unchanged
 * @param context what is known where it surfaced, and how the contract's reverts are read
 */
export async function toSluiceError(
  error: unknown,
  context: ErrorContext & { readonly readRevert?: RevertReader | undefined },
): Promise<SluiceError> {
  const mapped = walletError(error, context)
  const data =
    mapped.code === 'internal' || mapped.code === 'transaction-reverted' ? revertDataOf(error) : undefined
  if (mapped === error || data === undefined || context.readRevert === undefined) return mapped
  return await context.readRevert(data, error)
}
