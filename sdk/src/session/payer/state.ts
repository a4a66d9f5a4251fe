import type { SluiceError } from '../../errors.js'
import type { Hex, Receipt } from '../../types.js'
import type { MediaReason, Message, PayerMessage, Ping } from '../messages.js'
import type { PayerRecord } from '../ports.js'
import { costOf } from '../price.js'
import type { Terms } from '../terms.js'

/**
 * What is true of a session at the payer. Of the durable part, {@link PayerRecord}, the payer's store is the
 * authority; what the payee says is believed only as far as the payer's own signature or the chain confirms it.
 */
export type PayerState = {
  readonly record: PayerRecord
  readonly phase: PayerPhase
  /** Whether the payee delivers, and why not. */
  readonly gate: { readonly open: boolean; readonly reason: MediaReason }
  /** Amount whose signature is being made; undefined: none. */
  readonly signing: bigint | undefined
  /** Highest amount the payee has acknowledged, base units. */
  readonly acknowledged: bigint
  /** What the payee says it has delivered and was tipped, base units. */
  readonly reported: bigint
  /** What of that is tips, base units. */
  readonly reportedTips: bigint
  /** Whether the viewer wants to end; kept across connections. */
  readonly stopWanted: boolean
  /** Since when this connection ends the session; undefined: it does not. */
  readonly stoppingSinceMs: number | undefined
  /** The proof sent on this connection; undefined: none yet. */
  readonly proof: Hex | undefined
  /** Time the player has run in this process, milliseconds, up to {@link playingSinceMs}. */
  readonly playedMs: number
  /** Since when the player runs, or waits for data; undefined: it does not. */
  readonly playingSinceMs: number | undefined
  /** Metering units that had been delivered when the player began to wait for data; undefined: it does not wait. */
  readonly stalledAt: bigint | undefined
  /** Time in which the payee may have delivered in this process, milliseconds, up to {@link flowingSinceMs}. */
  readonly flowedMs: number
  /** Since when the player runs and the gate is open; undefined: one of them does not. */
  readonly flowingSinceMs: number | undefined
  /** Metering units received in this process; of no use when the price is by the second. */
  readonly receivedUnits: bigint
  /** Metering units counted in this process; bounded by the time played when the price is by the second. */
  readonly countedUnits: bigint
  /**
   * Metering units the payee says it delivered in all. They are counted as far as the player's time allows: frames get
   * lost or come in bursts, and a count that could never catch up would leave both sides waiting for ever.
   */
  readonly claimedUnits: bigint
  /** Highest sequence of a `data` message on this connection: a piece that comes twice counts once. */
  readonly lastSequence: number
  readonly lastHeardMs: number
  readonly lastSentMs: number
  readonly lastPingMs: number
  /** Lost connections and failed attempts since a voucher was last acknowledged, at most one of them before the last join. */
  readonly attempts: number
  /** Problems said already, so that each is said once until it has passed. */
  readonly said: ReadonlySet<string>
}

/**
 * - `offline`: no connection; another attempt is due or not wanted.
 * - `greeting`: connected, waiting for the payee's offer and its challenge.
 * - `joining`: the proof of the session key is sent, waiting for a snapshot.
 * - `joined`: the payee serves this channel on this connection.
 * - `stopping`: joined, the viewer asked to end; tips on their way are waited for, then the payee's consent.
 * - `stopped`: the payee consented. What is left is the chain's business.
 * - `displaced`: another tab or device took the channel over.
 * - `failed`: going on would not be safe; the reason was said.
 */
export type PayerPhase =
  'offline' | 'greeting' | 'joining' | 'joined' | 'stopping' | 'stopped' | 'displaced' | 'failed'

export type PayerInput =
  | { readonly type: 'connected'; readonly nowMs: number }
  | {
      readonly type: 'disconnected'
      readonly reason: string
      /** How long the payee asks to wait before the next try. */
      readonly retryAfterMs?: number | undefined
      readonly nowMs: number
    }
  /** A message; signatures of snapshots, receipts and consents were verified before. */
  | {
      readonly type: 'message'
      readonly message: Message
      /** Size of its frame, bytes of UTF-8. */
      readonly bytes: number
      readonly nowMs: number
    }
  /** The challenge was signed. */
  | { readonly type: 'proved'; readonly signature: Hex; readonly nowMs: number }
  /** The player's own state. */
  | {
      readonly type: 'media'
      readonly playing: boolean
      readonly reason: MediaReason
      readonly nowMs: number
    }
  /** This side saw `units` delivered that did not come in a `data` message, such as time played. */
  | { readonly type: 'delivered'; readonly units: bigint; readonly nowMs: number }
  | { readonly type: 'signed'; readonly cumulative: bigint; readonly signature: Hex; readonly nowMs: number }
  | { readonly type: 'signFailed'; readonly error: SluiceError }
  | {
      readonly type: 'tip'
      readonly id: string
      readonly amount: bigint
      readonly message: string
      readonly nowMs: number
    }
  /** The chain confirmed a deposit, or the person changed the budget. */
  | { readonly type: 'funded'; readonly deposited: bigint; readonly budget: bigint; readonly nowMs: number }
  | { readonly type: 'stop'; readonly nowMs: number }
  | { readonly type: 'tick'; readonly nowMs: number }

/** One kind of input. */
export type PayerInputOf<Type extends PayerInput['type']> = Extract<PayerInput, { type: Type }>

/** What the runtime does, in this order. Whatever follows a `save` waits until it is durable. */
export type PayerEffect =
  | { readonly type: 'save'; readonly record: PayerRecord }
  | { readonly type: 'send'; readonly message: PayerMessage | Ping }
  /** Sign the payee's challenge, then report `proved`. */
  | { readonly type: 'prove'; readonly challenge: Hex }
  /** Sign a voucher, then report `signed` or `signFailed`. */
  | { readonly type: 'sign'; readonly cumulative: bigint }
  | { readonly type: 'emit'; readonly event: PayerEvent }
  | { readonly type: 'reconnect'; readonly afterMs: number }
  | { readonly type: 'hangUp'; readonly reason: string }

export type PayerStep = { readonly state: PayerState; readonly effects: readonly PayerEffect[] }

/** What a page shows. Amounts are base units. */
export type Meter = {
  /** Delivered and tipped, as this side counted. */
  readonly spent: bigint
  /** What the budget still allows. */
  readonly left: bigint
  /** Seconds that `left` pays for at the offered price; undefined when the price is not by the second. */
  readonly secondsLeft: number | undefined
  /** Signed, not yet spent. */
  readonly prepaid: bigint
  /** Highest amount ever signed. */
  readonly signed: bigint
  /** Highest amount the payee has stored. */
  readonly acknowledged: bigint
  /** Metering units delivered. */
  readonly units: bigint
}

export type PayerEvent =
  | { readonly type: 'meter'; readonly meter: Meter }
  | { readonly type: 'media'; readonly open: boolean; readonly reason: MediaReason }
  | { readonly type: 'data'; readonly sequence: number; readonly units: bigint; readonly payload: unknown }
  | { readonly type: 'joined'; readonly resumed: boolean }
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  | { readonly type: 'tipped'; readonly id: string }
  /** A tip will not reach the payee any more; it was taken back. */
  | { readonly type: 'untipped'; readonly id: string; readonly error: SluiceError }
  | { readonly type: 'problem'; readonly error: SluiceError }
  | {
      readonly type: 'closed'
      readonly capturedAmount: bigint
      readonly payeeSignature: Hex
      readonly transaction: Hex | undefined
    }

/**
 * A session that has not connected yet.
 *
 * @param record the durable part
 * @param nowMs milliseconds
 */
export function initialPayerState(record: PayerRecord, nowMs: number): PayerState {
  return {
    record,
    phase: 'offline',
    gate: { open: false, reason: 'unpaid' },
    signing: undefined,
    acknowledged: 0n,
    reported: 0n,
    reportedTips: 0n,
    stopWanted: false,
    stoppingSinceMs: undefined,
    proof: undefined,
    playedMs: 0,
    playingSinceMs: undefined,
    stalledAt: undefined,
    flowedMs: 0,
    flowingSinceMs: undefined,
    receivedUnits: 0n,
    countedUnits: 0n,
    claimedUnits: record.units,
    lastSequence: 0,
    lastHeardMs: nowMs,
    lastSentMs: nowMs,
    lastPingMs: nowMs,
    attempts: 0,
    said: new Set(),
  }
}

/** Whether the viewer's player runs, or waits for data. Nothing but tips is paid while it does not. */
export function isPlaying(state: PayerState): boolean {
  return state.playingSinceMs !== undefined
}

/** Whether the payee serves the channel on this connection. */
export function isServed({ phase }: PayerState): boolean {
  return phase === 'joined' || phase === 'stopping'
}

/** Delivered and tipped, base units, by the same formula as the payee's `spent`. */
export function consumedOf(terms: Terms, record: PayerRecord): bigint {
  return costOf(terms.price, record.units) + record.tipped
}

/** The most this session may ever sign, base units (I17). */
export function capOf(record: PayerRecord): bigint {
  return record.budget < record.deposited ? record.budget : record.deposited
}
