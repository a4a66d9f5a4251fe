import type { Hex } from '@sluice/sdk'
import type { OutboxEntry } from './outbox.js'

/** What a settler reports, for logs, metrics and sessions. */
export type SettlerEvent =
  /** Stored and handed to the network for the first time. */
  | { readonly type: 'submitted'; readonly entry: OutboxEntry }
  /** The node did not say that it took the transaction, be it known already or the account short of coin. Tried again. */
  | { readonly type: 'not-taken'; readonly entry: OutboxEntry; readonly answer: string }
  /** Handed to the network again with higher fees. */
  | { readonly type: 'replaced'; readonly entry: OutboxEntry }
  /** Waiting longer than planned, and raising the fees would exceed the limit. */
  | { readonly type: 'fee-limited'; readonly entry: OutboxEntry }
  | { readonly type: 'mined'; readonly entry: OutboxEntry }
  /** Its block is no longer on the chain; it is sent again. */
  | { readonly type: 'reorged'; readonly entry: OutboxEntry }
  | { readonly type: 'confirmed'; readonly entry: OutboxEntry }
  | { readonly type: 'reverted'; readonly entry: OutboxEntry }
  | { readonly type: 'lost'; readonly entry: OutboxEntry }
  /** The chain refuses this channel's voucher or its close; others went on. */
  | { readonly type: 'refused'; readonly channelId: Hex; readonly amount: bigint; readonly reason: string }
  /** A requested close matures soon, or has, and money of the payee is not yet safe. */
  | {
      readonly type: 'at-risk'
      readonly channelId: Hex
      readonly amount: bigint
      /** Second. */
      readonly withdrawableAt: number
    }
  /** A look could not be finished or, with `work`, one piece of it while the others went on. It is tried again. */
  | { readonly type: 'error'; readonly error: unknown; readonly work: InterruptedWork | undefined }

/** A piece of settlement that was interrupted by itself. */
export type InterruptedWork = {
  /** `follow`: asking what became of a transaction. */
  readonly kind: 'claim' | 'close' | 'follow'
  readonly channelIds: readonly Hex[]
  /** In a row; following is asked again at every look and not counted. */
  readonly failures: number
  /** Milliseconds until it is tried again; 0: at the next look. */
  readonly pauseMs: number
}

export type SettlerListener = (event: SettlerEvent) => void

/** Hands events to whoever listens. */
export function createEmitter(): {
  readonly emit: SettlerListener
  readonly on: (listener: SettlerListener) => () => void
} {
  const listeners = new Set<SettlerListener>()
  return {
    emit(event) {
      for (const listener of listeners) listener(event)
    },
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
