import type { ErrorCode, SluiceError } from '../../errors.js'
import type { Hex, OperatorSigner, SignatureVerifier } from '../../types.js'
import type { ErrorMessage, PayeeMessage, PayerMessage, VoucherMessage } from '../messages.js'
import type { Clock, PayeeRecord, PayeeStore, StoredTip } from '../ports.js'
import type { Terms } from '../terms.js'
import type { PayeeInput, PayeeState } from './state.js'

/** The connection that speaks for a channel, as the channel sees it. */
export type SessionSink = {
  /** Distinguishes connections; a newer one displaces an older one. */
  readonly id: number
  readonly send: (message: PayeeMessage | ErrorMessage) => void
  /** Ends the connection because a newer one took the channel over. */
  readonly displace: () => void
  /** Ends the connection because what it said could not be stored; the payer comes back and is told what was. */
  readonly fail: () => void
}

/** What became of a voucher that came outside a session. */
export type GrantOutcome =
  /** It is the highest now, and durable. */
  | { readonly kind: 'accepted' }
  /** It was the highest before, and durable. Its signature was not looked at. */
  | { readonly kind: 'equal' }
  /** A higher one is held. Its signature was not looked at. */
  | { readonly kind: 'lower' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly details: string }

/** What a payee channel needs from the world around it. */
export type PayeeChannelParameters = {
  readonly terms: Terms
  readonly state: PayeeState
  readonly store: PayeeStore
  readonly verifier: SignatureVerifier
  readonly operator: OperatorSigner
  readonly clock: Clock
  readonly hooks: PayeeChannelHooks
}

export type PayeeChannelHooks = {
  /** The gate opened or closed. */
  readonly onGate?: (record: PayeeRecord, open: boolean, reason: string) => void
  /** A tip was stored and counted, once. */
  readonly onTip?: (tip: StoredTip) => void
  /** A voucher became durable. */
  readonly onAccepted?: (record: PayeeRecord) => void
  /** What is accepted should go to the chain now. */
  readonly onSettle?: (record: PayeeRecord, reason: 'hold' | 'close-requested') => void
  /** Both have agreed to end; the record holds voucher and consent. */
  readonly onClose?: (record: PayeeRecord) => void
  /** A voucher exceeds the known deposit: the chain should be read again. Resolves when it was. */
  readonly refresh?: (record: PayeeRecord) => Promise<void>
  /** The channel can no longer be kept safely, such as when the disk is full. */
  readonly onFault: (error: SluiceError) => void
  /** What this object knows was not stored and must not be believed: load the channel anew before its next use. */
  readonly onBroken?: (record: PayeeRecord) => void
}

export type PayeeChannel = {
  readonly record: () => PayeeRecord
  readonly state: () => PayeeState
  readonly attach: (sink: SessionSink) => void
  readonly detach: (session: number) => void
  readonly receive: (session: number, message: PayerMessage) => void
  /**
   * Asks to deliver `units` metering units more. True when they are paid or within the credit, and the new total is
   * durable; false when the gate is closed. `onGranted` is called in between, before anything is said that counts them,
   * and must not throw: what arrives before its count is counted once, what comes after it twice.
   */
  readonly deliver: (units: bigint, onGranted?: () => void) => Promise<boolean>
  /** Takes a voucher that came outside a session, such as in an HTTP request. Never rejects. */
  readonly grant: (voucher: Omit<VoucherMessage, 'type'>) => Promise<GrantOutcome>
  /**
   * Sells something outside a session for `amount` base units. True when vouchers cover it in full and the new total is
   * durable. `units` are counted with it. A session on the channel is displaced, as by a newer one.
   */
  readonly charge: (amount: bigint, units: bigint) => Promise<boolean>
  /** Stops delivering until the viewer plays again, and sends a receipt. Resolves when it was sent. */
  readonly pause: () => Promise<void>
  /** Ends the channel at what was spent, as `close` in a session does. Resolves when the consent is durable. */
  readonly end: () => Promise<PayeeRecord>
  /** The chain's word on the channel, at the confirmations the payee asks for. */
  readonly chain: (state: Omit<Extract<PayeeInput, { type: 'chain' }>, 'type' | 'nowMs'>) => void
  /** The close was handed to the chain in this transaction. */
  readonly submitted: (transaction: Hex) => void
  /**
   * Calls `then` once nothing is under way, at once if so now: no voucher being checked, nothing being stored or signed.
   * What is under way is in memory alone, so a machine that is loaded meanwhile would not know of it (I20). A later call
   * takes the place of an earlier one.
   */
  readonly onceRested: (then: () => void) => void
  /** Stops the timers. Nothing is lost: everything that counts is durable. */
  readonly stop: () => void
}
