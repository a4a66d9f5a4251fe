import { timing } from '../terms.js'
import type { ErrorCode } from '../../errors.js'
import type { Hex } from '../../types.js'
import type { MediaReason, PayeeMessage, ErrorMessage } from '../messages.js'
import type { PayeeRecord, StoredTip } from '../ports.js'

/**
 * What is true of a channel at the payee. Of the durable part, {@link PayeeRecord}, the store is the authority; the
 * rest lives as long as the process.
 */
export type PayeeState = {
  readonly record: PayeeRecord
  /** Tips already counted, by id. */
  readonly tips: ReadonlyMap<string, bigint>
  readonly phase: PayeePhase
  /** The connection that speaks for the channel; undefined: none. The newest wins. */
  readonly session: number | undefined
  /** Whether the viewer's player runs, or waits for data. */
  readonly viewerPlaying: boolean
  /** Whether `need` was said since the last voucher. */
  readonly needSaid: boolean
  /** When delivery on credit ends, milliseconds; undefined unless `phase` is `credit`. */
  readonly graceEndsMs: number | undefined
  /** When the payee settles if nothing happens, milliseconds; undefined while paid or once settled. */
  readonly holdEndsMs: number | undefined
  /** When the last receipt was signed or, after a silence, would have been, milliseconds. */
  readonly lastReceiptMs: number
  /** `spent` and `accepted` of the last receipt, to sign one only when there is something new to say. */
  readonly lastReceipt: { readonly accepted: bigint; readonly spent: bigint }
}

/**
 * - `idle`: no connection. Nothing is delivered; the hold time runs.
 * - `paid`: what was delivered is paid, and more may be delivered.
 * - `credit`: delivered beyond what is paid, within the credit and the grace time.
 * - `gated`: connected, nothing is delivered until a voucher pays for it.
 * - `ending`: the payer asked the chain to close, or the payee consented to. No voucher is accepted any more.
 * - `closed`: the chain has ended the channel.
 */
export type PayeePhase = 'idle' | 'paid' | 'credit' | 'gated' | 'ending' | 'closed'

export type PayeeInput =
  /** A connection proved that it speaks for the channel. */
  | { readonly type: 'attach'; readonly session: number; readonly nowMs: number }
  | { readonly type: 'detach'; readonly session: number; readonly nowMs: number }
  /** A voucher that {@link screenVoucher} let pass and whose signature is good. */
  | {
      readonly type: 'voucher'
      readonly cumulative: bigint
      readonly signature: Hex
      readonly nowMs: number
    }
  | {
      readonly type: 'tip'
      readonly id: string
      readonly amount: bigint
      readonly message: string
      readonly nowMs: number
    }
  | {
      readonly type: 'media'
      readonly playing: boolean
      readonly reason: MediaReason
      readonly nowMs: number
    }
  /** The source wants to deliver `units` more; answered by a `release` with the same number. */
  | { readonly type: 'deliver'; readonly request: number; readonly units: bigint; readonly nowMs: number }
  /**
   * `amount` base units are due for something sold outside a session, such as an answer to an HTTP request; answered
   * like `deliver`. `units` are counted with it.
   */
  | {
      readonly type: 'charge'
      readonly request: number
      readonly amount: bigint
      readonly units: bigint
      readonly nowMs: number
    }
  /** The viewer asked to end the channel cooperatively. */
  | { readonly type: 'close'; readonly nowMs: number }
  | { readonly type: 'consented'; readonly capturedAmount: bigint; readonly payeeSignature: Hex }
  /** The close was handed to the chain in this transaction. */
  | { readonly type: 'submitted'; readonly transaction: Hex }
  /** The chain, at the confirmations the payee asks for. */
  | {
      readonly type: 'chain'
      readonly deposited: bigint
      readonly claimed: bigint
      readonly closeRequestedAt: number
      readonly closed: boolean
      readonly nowMs: number
    }
  | { readonly type: 'tick'; readonly nowMs: number }

/** What the runtime does, in this order. Whatever follows a `save` waits until it is durable. */
export type PayeeEffect =
  | { readonly type: 'save'; readonly record: PayeeRecord; readonly tip?: StoredTip }
  | { readonly type: 'send'; readonly message: PayeeMessage | ErrorMessage }
  | { readonly type: 'gate'; readonly open: boolean; readonly reason: MediaReason }
  | { readonly type: 'release'; readonly request: number; readonly granted: boolean }
  /** Sign a receipt over these figures and send it. */
  | { readonly type: 'receipt'; readonly accepted: bigint; readonly spent: bigint; readonly units: bigint }
  /** Sign a consent to close, then report `consented`. */
  | { readonly type: 'consent'; readonly capturedAmount: bigint }
  /** A tip was counted for the first time. */
  | { readonly type: 'tipped'; readonly tip: StoredTip }
  /** Bring what is accepted to the chain, because of … */
  | { readonly type: 'settle'; readonly reason: 'hold' | 'close-requested' }
  /** Close on the chain with the consent in the record. */
  | { readonly type: 'closeOnChain' }

export type PayeeStep = { readonly state: PayeeState; readonly effects: readonly PayeeEffect[] }

/** What to do with a voucher before its signature is looked at. */
export type Screening =
  | { readonly verdict: 'verify' }
  /** Known already: acknowledge again. */
  | { readonly verdict: 'equal' }
  /** Below what is held: answer with the highest. */
  | { readonly verdict: 'lower' }
  | { readonly verdict: 'refuse'; readonly code: ErrorCode; readonly details: string }

/**
 * The last time before now at which the channel's receipt was due. Every channel has beats of its own, by its id: were
 * those of a crowd that came together due together, the payee would do nothing else meanwhile.
 */
export function lastBeatMs(channelId: Hex, nowMs: number): number {
  const { receiptMs } = timing
  const sinceMs = (nowMs - Number(channelId.slice(0, 10))) % receiptMs
  return nowMs - (sinceMs < 0 ? sinceMs + receiptMs : sinceMs)
}

/**
 * The state of a channel as the store holds it, with nobody connected.
 *
 * @param record the durable part
 * @param tips tips counted before
 * @param nowMs milliseconds
 */
export function initialPayeeState(
  record: PayeeRecord,
  tips: ReadonlyMap<string, bigint>,
  nowMs: number,
): PayeeState {
  return {
    record,
    tips,
    phase: restingPhase(record),
    session: undefined,
    viewerPlaying: true,
    needSaid: false,
    graceEndsMs: undefined,
    holdEndsMs: undefined,
    lastReceiptMs: lastBeatMs(record.channelId, nowMs),
    lastReceipt: { accepted: record.accepted, spent: record.spent },
  }
}

/** The phase of a channel nobody is connected to. */
export function restingPhase(record: PayeeRecord): PayeePhase {
  if (record.closed) return 'closed'
  return isEnding(record) ? 'ending' : 'idle'
}

/** Whether the channel takes no more vouchers although the chain has not ended it. */
function isEnding(record: PayeeRecord): boolean {
  return record.closeRequestedAt !== 0 || record.consent !== undefined
}
