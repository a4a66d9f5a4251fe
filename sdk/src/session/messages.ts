import type { Address, Channel, Hex } from '../types.js'
import type { Unit } from './price.js'

/**
 * The messages of a session, as values. `codec.ts` turns them into frames and back. Amounts are base units, times
 * are seconds, `units` are metering units (milliseconds, bytes, requests).
 */
export type Message = PayeeMessage | PayerMessage | Ping | ErrorMessage

/** What a payee sells and on which terms; the first message on every connection. */
export type Offer = {
  readonly type: 'offer'
  readonly chainId: number
  readonly contract: Address
  readonly token: Address
  readonly symbol: string
  readonly decimals: number
  readonly payee: Address
  readonly operator: Address
  /** Base units for `per` units. */
  readonly price: bigint
  readonly unit: Unit
  readonly per: bigint
  /** Units paid ahead. */
  readonly window: bigint
  /** Units delivered beyond what is paid, once something was paid. */
  readonly credit: bigint
  /** Base units by which a voucher should at least rise. */
  readonly minDelta: bigint
  readonly suggestedDeposit: bigint
  /** Shortest acceptable grace period of a channel, seconds. */
  readonly grace: number
  /** Blocks a deposit must be buried under before it counts; 1: mined. */
  readonly confirmations: number
  /** What is sold, for the person. */
  readonly title: string
  /** Random; to be signed by `open` and `resume`. Zero in an offer that was fetched over HTTP. */
  readonly challenge: Hex
}

/** Payer to payee: use this channel from now on. `signature` is the signer's over `Session(channelId, challenge)`. */
export type Open = { readonly type: 'open'; readonly channel: Channel; readonly signature: Hex }
/** Payer to payee: go on with a channel the payee knows. */
export type Resume = { readonly type: 'resume'; readonly channelId: Hex; readonly signature: Hex }
export type VoucherMessage = {
  readonly type: 'voucher'
  readonly channelId: Hex
  readonly cumulative: bigint
  readonly signature: Hex
}
export type Tip = {
  readonly type: 'tip'
  /** Chosen by the payer; the same id is never counted twice. */
  readonly id: string
  readonly amount: bigint
  readonly message: string
}
/** Payer to payee: whether the viewer's player runs; payee to payer: whether the gate is open, and why not. */
export type Media = {
  readonly type: 'media'
  readonly state: 'playing' | 'paused'
  readonly reason: MediaReason
}
export type MediaReason = 'viewer' | 'buffering' | 'hidden' | 'paid' | 'unpaid' | 'source' | 'closing'
/** Payer to payee: end the channel at what was spent. */
export type Close = { readonly type: 'close' }
/** Payer to payee: more was deposited on the chain; please look. */
export type TopUp = { readonly type: 'topup' }

/** Payee to payer: where the channel stands; the answer to `open` and `resume`. */
export type Snapshot = {
  readonly type: 'snapshot'
  readonly channelId: Hex
  /** The highest voucher the payee holds; zero and `0x` when none. */
  readonly highest: { readonly cumulative: bigint; readonly signature: Hex }
  readonly spent: bigint
  readonly units: bigint
  readonly deposited: bigint
}
/** Payee to payer: this much is safely stored. `tipId` names the tip that was just counted. */
export type Ack = {
  readonly type: 'ack'
  readonly accepted: bigint
  readonly spent: bigint
  readonly units: bigint
  readonly tipId?: string
}
export type ReceiptMessage = {
  readonly type: 'receipt'
  readonly channelId: Hex
  readonly accepted: bigint
  readonly spent: bigint
  readonly units: bigint
  readonly at: number
  readonly signature: Hex
}
/** Payee to payer: the prepaid amount runs out; at `deadline` (seconds) the gate closes. */
export type Need = {
  readonly type: 'need'
  readonly required: bigint
  readonly accepted: bigint
  readonly deposited: bigint
  readonly deadline: number
}
/** Payee to payer: what is sold, when it travels on the session's own connection. */
export type Data = {
  readonly type: 'data'
  readonly sequence: number
  /** Metering units this piece counts for. */
  readonly units: bigint
  readonly payload: unknown
}
/** Payee to payer: its consent to end the channel; `transaction` follows when it submits the close itself. */
export type Closed = {
  readonly type: 'closed'
  readonly capturedAmount: bigint
  readonly payeeSignature: Hex
  readonly transaction?: Hex
}
/** Either way; `reply` is true in an answer. */
export type Ping = { readonly type: 'ping'; readonly id: number; readonly reply: boolean }
export type ErrorMessage = {
  readonly type: 'error'
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}

export type PayerMessage = Open | Resume | VoucherMessage | Tip | Media | Close | TopUp
export type PayeeMessage = Offer | Snapshot | Ack | ReceiptMessage | Need | Media | Data | Closed
