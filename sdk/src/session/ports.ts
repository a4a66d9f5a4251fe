import type { Address, Channel, ChannelState, Hex, Receipt } from '../types.js'
import type { Offer } from './messages.js'

/** Time as a parameter. The same code runs under a real and under a virtual clock. */
export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls `action` once, `afterMs` milliseconds from now; the returned function cancels it. */
  readonly schedule: (afterMs: number, action: () => void) => () => void
}

/** Randomness as a parameter: `length` unpredictable bytes. */
export type Random = (length: number) => Uint8Array

/** One connection between a payer and a payee. It carries frames and decides nothing. */
export type Transport = {
  /** Queues one text frame. Never throws: a dead connection shows in `onClose`. */
  readonly send: (frame: string) => void
  /** Frames that were queued and not yet handed to the network, bytes. */
  readonly bufferedBytes: () => number
  /** Sets the one listener for frames; frames that came earlier are handed over at once. */
  readonly onFrame: (listener: (frame: string) => void) => void
  /** Sets the one listener for the end of the connection, whoever ended it. */
  readonly onClose: (listener: (reason: string) => void) => void
  readonly close: (reason: string) => void
}

/** What a payer must not forget: written before a voucher leaves. */
export type PayerRecord = {
  readonly channelId: Hex
  readonly channel: Channel
  readonly chainId: number
  readonly contract: Address
  /** Where the payee is reached. */
  readonly url: string
  /** The offer the channel was opened for. */
  readonly offer: Offer
  /** Base units ever deposited, as far as known. */
  readonly deposited: bigint
  /** Base units the person agreed to spend at most. */
  readonly budget: bigint
  /** Highest amount ever signed. Never falls. */
  readonly signed: bigint
  /** The signature of `signed`; `0x` before the first. */
  readonly signature: Hex
  /** Metering units delivered, as this side counted. */
  readonly units: bigint
  /** Base units tipped. */
  readonly tipped: bigint
  /** Tips whose acknowledgement is still missing. */
  readonly pendingTips: readonly { readonly id: string; readonly amount: bigint; readonly message: string }[]
  /** The payee's last signed receipt. */
  readonly receipt: Receipt | undefined
  /** The payee counted what it cannot have delivered. Nothing is signed any more; absent: it did not. */
  readonly overcharge?: Overcharge
  /** Whether the payee has consented to close, or the chain has ended the channel. */
  readonly closed: boolean
}

/** What a payee said and what the payer had counted by then. The payee's signed word is the record's receipt. */
export type Overcharge = {
  readonly claimed: Count
  readonly counted: Count
  /** Milliseconds since 1970. */
  readonly atMs: number
}

/** What was delivered and what it came to. */
export type Count = {
  /** Metering units. */
  readonly units: bigint
  /** Base units, tips included. */
  readonly spent: bigint
}

/** Durable when the promise resolves. */
export type PayerStore = {
  /** Keeps the higher of each amount that never falls, since two tabs may share a store (I18). */
  readonly put: (record: PayerRecord) => Promise<void>
  readonly get: (channelId: Hex) => Promise<PayerRecord | undefined>
  readonly list: () => Promise<readonly PayerRecord[]>
  readonly delete: (channelId: Hex) => Promise<void>
}

/** What a payee must not forget about a channel. All amounts only grow. */
export type PayeeRecord = {
  readonly channelId: Hex
  readonly channel: Channel
  /** Base units deposited at the confirmations the payee asks for. */
  readonly deposited: bigint
  /** Base units claimed on the chain at those confirmations. */
  readonly claimed: bigint
  /** Second of the first deposit on the chain. */
  readonly openedAt: number
  /** Highest valid voucher. */
  readonly accepted: bigint
  /** Its signature; `0x` before the first. */
  readonly signature: Hex
  /** Delivered and tipped, base units; at most `accepted` plus the offered credit. */
  readonly spent: bigint
  /** Delivered, metering units. */
  readonly units: bigint
  /** Tipped, base units; part of `spent`. */
  readonly tipped: bigint
  /** Second of the payer's request to close; 0: none. */
  readonly closeRequestedAt: number
  /** What this payee has consented to close at; undefined before. From then on nothing more is accepted. */
  readonly consent: { readonly capturedAmount: bigint; readonly payeeSignature: Hex } | undefined
  readonly closed: boolean
}

export type StoredTip = {
  readonly channelId: Hex
  readonly id: string
  readonly amount: bigint
  readonly message: string
  /** Milliseconds since 1970. */
  readonly atMs: number
}

/** Who is told what became of a save: one of the two is called, once. */
export type SaveListener = {
  /** It is durable. */
  readonly saved: () => void
  readonly unsaved: (error: unknown) => void
}

/** Saves a record and a tip. */
export type SavePayeeRecord = {
  (record: PayeeRecord, tip?: StoredTip): Promise<void>
  /**
   * The same for a payee that saves thousands of times a second, which would feel a promise for each. A store that knows
   * nothing of listeners gives a promise as ever; one that tells the listener gives nothing, and throws at once what cannot
   * be stored at all.
   */
  (record: PayeeRecord, tip: StoredTip | undefined, listener: SaveListener): Promise<void> | undefined
}

/** Durable when the promise resolves or the listener is told; writes become durable in the order of the calls. */
export type PayeeStore = {
  readonly save: SavePayeeRecord
  readonly load: (channelId: Hex) => Promise<PayeeRecord | undefined>
  readonly tips: (channelId: Hex) => Promise<readonly StoredTip[]>
  /** Every channel that is not closed. */
  readonly list: () => Promise<readonly PayeeRecord[]>
}

/** What a payee asks the chain. */
export type ChainView = {
  /** The channel's state, `confirmations` blocks deep (1: the latest block). */
  readonly channelState: (channelId: Hex, confirmations: number) => Promise<ChannelState>
}
