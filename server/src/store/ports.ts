import type { PayeeRecord, PayeeStore } from '@sluice/sdk/session'
import type { Outbox } from '../settlement/outbox.js'

/** What a request was answered with, to be repeated word for word. */
export type StoredAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * What is known of an idempotency key.
 *
 * - `new`: never seen, and now taken by the caller, who must `finish` or `abandon` it.
 * - `in-progress`: another request of this process has taken it.
 * - `interrupted`: a former process took it and ended before it answered, so its effect is unknown, which is not the
 *   same as failed. The key is now the caller's, who may repeat only what is harmless when repeated.
 * - `answered`: here is the answer.
 * - `conflict`: the key belongs to a request with another content.
 */
export type IdempotencyState =
  | { readonly kind: 'new' }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  | { readonly kind: 'conflict' }

/** Remembers answers by the client's key for at least 24 hours (I19). Durable when the promise resolves. */
export type IdempotencyStore = {
  /**
   * Takes a key or tells who has it.
   *
   * @param key the client's key, with whatever separates clients from one another in front
   * @param requestHash of everything that makes the request what it is
   */
  readonly begin: (key: string, requestHash: string) => Promise<IdempotencyState>
  /** Stores the answer of a key that was taken. Rejects with `store-failed` when it was not. */
  readonly finish: (key: string, answer: StoredAnswer) => Promise<void>
  /** Gives a key back because nothing happened under it. */
  readonly abandon: (key: string) => Promise<void>
}

/** Small facts about the database itself: its deployment, the watcher's cursor. Durable when the promise resolves. */
export type MetaStore = {
  readonly get: (key: string) => Promise<string | undefined>
  readonly set: (key: string, value: string) => Promise<void>
}

/** Small texts by kind and id, such as what a studio keeps. Durable when the promise resolves. Kinds and ids are ASCII. */
export type DocumentStore = {
  readonly get: (kind: string, id: string) => Promise<string | undefined>
  readonly put: (kind: string, id: string, text: string) => Promise<void>
  /** Deleting what is not there is no fault. */
  readonly delete: (kind: string, id: string) => Promise<void>
  /** One kind in the order of the ids: those from `from` on, and of these the last `newest`. Default: all. */
  readonly list: (
    kind: string,
    options?: { readonly from?: string; readonly newest?: number },
  ) => Promise<readonly StoredDocument[]>
}

export type StoredDocument = { readonly id: string; readonly text: string }

/** Whether the last write reached the disk; `problem` says why not. */
export type StoreHealth = { readonly ok: boolean; readonly problem: string | undefined }

/** Everything a payee server keeps. One server a store. */
export type ServerStore = PayeeStore & {
  /** Every channel, closed ones included. */
  readonly listAll: () => Promise<readonly PayeeRecord[]>
  readonly idempotency: IdempotencyStore
  readonly outbox: Outbox
  readonly meta: MetaStore
  readonly documents: DocumentStore
  readonly health: () => StoreHealth
  /** Resolves when everything queued so far is durable or was rejected. */
  readonly flush: () => Promise<void>
  /** Flushes and lets go of the file. Later calls reject. */
  readonly close: () => Promise<void>
}

/** Milliseconds an answer is remembered. */
export const answerLifetimeMs = 24 * 60 * 60 * 1000
