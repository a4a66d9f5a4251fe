/** Everything that can go wrong, by what the person or the developer can do about it. */
export type ErrorCode =
  // the person's wallet
  | 'wallet-rejected'
  | 'wallet-pending'
  | 'wallet-disconnected'
  | 'wrong-chain'
  | 'insufficient-token'
  | 'insufficient-gas'
  // the session
  | 'budget-low'
  | 'budget-spent'
  | 'payee-offline'
  | 'second-tab'
  | 'session-key-lost'
  | 'overcharged'
  | 'offer-changed'
  // what a peer sent
  | 'malformed-message'
  | 'message-too-large'
  | 'unsupported-version'
  | 'unexpected-message'
  | 'rate-limited'
  | 'invalid-signature'
  | 'stale-voucher'
  | 'foreign-voucher'
  | 'terms-refused'
  | 'tip-refused'
  | 'idempotency-conflict'
  // the channel
  | 'unknown-channel'
  | 'channel-not-open'
  | 'channel-closed'
  | 'close-pending'
  | 'close-not-requested'
  | 'grace-not-over'
  | 'amount-exceeds-deposit'
  | 'amount-exceeds-rate'
  | 'amount-below-signed'
  | 'wrong-token'
  | 'permit-expired'
  // orders
  | 'unknown-order'
  | 'order-exists'
  | 'amount-exceeds-order'
  | 'nothing-held'
  // subscriptions
  | 'unknown-plan'
  | 'plan-exists'
  | 'price-above-maximum'
  | 'already-subscribed'
  | 'not-subscribed'
  | 'not-chargeable'
  // tournaments
  | 'unknown-tournament'
  | 'tournament-exists'
  | 'wrong-stage'
  | 'deadline-passed'
  | 'deadline-not-reached'
  | 'already-joined'
  | 'not-a-player'
  | 'field-full'
  | 'too-few-players'
  | 'not-allowed'
  | 'nothing-owed'
  // the chain and this machine
  | 'rpc-unreachable'
  | 'transaction-reverted'
  | 'transaction-unknown'
  | 'store-failed'
  | 'key-misuse'
  | 'invalid-argument'
  | 'internal'

/** What a person can do next; a button, not a sentence. */
export type ErrorAction =
  | 'retry'
  | 'wait'
  | 'switch-chain'
  | 'reconnect-wallet'
  | 'add-funds'
  | 'top-up'
  | 'take-over'
  | 'money-back'
  | 'resync'
  | 'none'

export type SluiceErrorParameters = {
  readonly code: ErrorCode
  /** One sentence for the person. */
  readonly message: string
  /** For the developer: what was found, what was expected. */
  readonly details?: string
  /** Default `none`. */
  readonly action?: ErrorAction
  /** Whether the same call may succeed later. Default false. */
  readonly retryable?: boolean
  /** How long the other side asks to wait before that, milliseconds. */
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/**
 * The root of every error the SDK and the server throw.
 *
 * @example
 * ```ts
 * import { SluiceError } from '@sluice/sdk'
 *
 * function report(error: unknown) {
 *   if (error instanceof SluiceError) return `${error.message} [${error.action}]`
 *   throw error
 * }
 * ```
 */
export class SluiceError extends Error {
  override readonly name = 'SluiceError'
  readonly code: ErrorCode
  readonly details: string | undefined
  readonly action: ErrorAction
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(parameters: SluiceErrorParameters) {
    super(parameters.message, parameters.cause === undefined ? undefined : { cause: parameters.cause })
    this.code = parameters.code
    this.details = parameters.details
    this.action = parameters.action ?? 'none'
    this.retryable = parameters.retryable ?? false
    this.retryAfterMs = parameters.retryAfterMs
  }

  /**
   * The first error in the chain of causes, this one included, for which `matches` holds; undefined when none does.
   *
   * @param matches tells the error that is looked for
   */
  walk(matches: (error: unknown) => boolean): unknown {
    let error: unknown = this
    while (error !== undefined && error !== null) {
      if (matches(error)) return error
      error = error instanceof Error ? error.cause : undefined
    }
    return undefined
  }
}
