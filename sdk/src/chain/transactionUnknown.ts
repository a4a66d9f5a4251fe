import { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'

/** What was handed to the network or to the wallet, to look it up later. */
export type Submitted =
  { readonly kind: 'transaction'; readonly hash: Hex } | { readonly kind: 'batch'; readonly id: string }

/**
 * Something was sent and its fate is not known: it may still be mined. Never send again before `submitted` was looked
 * up or the channel's state was read.
 *
 * @example
 * ```ts
 * import { TransactionUnknownError } from '@sluice/sdk/channel'
 *
 * function hashToWatch(error: unknown) {
 *   if (!(error instanceof TransactionUnknownError) || error.submitted?.kind !== 'transaction') return undefined
 *   return error.submitted.hash
 * }
 * ```
 */
export class TransactionUnknownError extends SluiceError {
  /** Undefined when the connection to the wallet broke before it named a hash. */
  readonly submitted: Submitted | undefined

  constructor(submitted: Submitted | undefined, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super({
      code: 'transaction-unknown',
      message: 'The payment was sent, but it is not confirmed yet.',
      details: `${describe(submitted)}: ${reason}`,
      action: 'wait',
      cause,
    })
    this.submitted = submitted
  }
}

function describe(submitted: Submitted | undefined): string {
  if (submitted === undefined) return 'sent to the wallet, no hash known'
  return submitted.kind === 'transaction' ? `transaction ${submitted.hash}` : `batch ${submitted.id}`
}
