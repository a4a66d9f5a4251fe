import { SluiceError } from '@sluice/sdk'

/**
 * The store could not do what it was asked.
 *
 * @param details for the developer
 * @param options `retryable` when the same call may succeed later, as after a full disk was freed
 */
export function storeFailed(
  details: string,
  options: { readonly retryable?: boolean; readonly cause?: unknown; readonly message?: string } = {},
): SluiceError {
  const retryable = options.retryable ?? false
  return new SluiceError({
    code: 'store-failed',
    message: options.message ?? 'The server could not store a payment. Nothing was acknowledged.',
    details,
    action: retryable ? 'retry' : 'none',
    retryable,
    cause: options.cause,
  })
}

/** What an unknown thrown value says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Lets the program end by a fault of its own, and what is being done now go on first: whoever throws when told must keep
 * nobody else from being told.
 */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
