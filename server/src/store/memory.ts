import type { Hex } from '@sluice/sdk'
import type { Clock, PayeeRecord, StoredTip } from '@sluice/sdk/session'
import { isFinal, type OutboxEntry } from '../settlement/outbox.js'
import { storeFailed } from './failures.js'
import { loweredField, refusedFall, requireEncodable } from './guards.js'
import {
  answerLifetimeMs,
  type IdempotencyState,
  type ServerStore,
  type StoredAnswer,
  type StoredDocument,
} from './ports.js'

type Key = {
  readonly requestHash: string
  readonly run: object
  readonly answer: StoredAnswer | undefined
  readonly expiresMs: number
}

/** What survives when a memory store is closed and another opened on the same disk, as a process would do. */
export type MemoryDisk = {
  readonly records: Map<Hex, PayeeRecord>
  readonly tips: StoredTip[]
  readonly keys: Map<string, Key>
  readonly entries: Map<number, OutboxEntry>
  readonly meta: Map<string, string>
  /** By kind, then by id. */
  readonly documents: Map<string, Map<string, string>>
}

/** An empty disk. */
export function createMemoryDisk(): MemoryDisk {
  return {
    records: new Map(),
    tips: [],
    keys: new Map(),
    entries: new Map(),
    meta: new Map(),
    documents: new Map(),
  }
}

/**
 * A store in memory, for tests and simulations: it passes the same conformance suite as the SQLite one, but nothing
 * in it outlives the process.
 *
 * @param parameters `disk` to share between successive stores, default a new one
 */
export function createMemoryStore(parameters: {
  readonly clock: Clock
  readonly disk?: MemoryDisk
}): ServerStore {
  const { clock, disk = createMemoryDisk() } = parameters
  const run = {}
  let isClosed = false

  /** Runs at once, so that what was called first is stored first; a throw becomes a rejection. */
  function perform<Value>(action: () => Value): Promise<Value> {
    return new Promise((resolve) => {
      if (isClosed) throw storeFailed('the store was closed')
      resolve(action())
    })
  }

  function save(record: PayeeRecord, tip: StoredTip | undefined): void {
    requireEncodable(record, tip)
    const before = disk.records.get(record.channelId)
    if (before !== undefined && loweredField(before, record) !== undefined) throw refusedFall(before, record)
    disk.records.set(record.channelId, record)
    if (tip === undefined) return
    const isKnown = disk.tips.some(({ channelId, id }) => channelId === tip.channelId && id === tip.id)
    if (!isKnown) disk.tips.push(tip)
  }

  function records(): PayeeRecord[] {
    return [...disk.records.values()].sort((a, b) => (a.channelId < b.channelId ? -1 : 1))
  }

  function begin(key: string, requestHash: string): IdempotencyState {
    const nowMs = clock.now()
    const found = disk.keys.get(key)
    const taken: Key = { requestHash, run, answer: undefined, expiresMs: nowMs + answerLifetimeMs }
    if (found === undefined || found.expiresMs <= nowMs) {
      disk.keys.set(key, taken)
      return { kind: 'new' }
    }
    if (found.requestHash !== requestHash) return { kind: 'conflict' }
    if (found.answer !== undefined) return { kind: 'answered', answer: found.answer }
    if (found.run === run) return { kind: 'in-progress' }
    disk.keys.set(key, taken)
    return { kind: 'interrupted' }
  }

  function finish(key: string, answer: StoredAnswer): void {
    const found = disk.keys.get(key)
    if (found === undefined || found.answer !== undefined) {
      throw storeFailed(`idempotency key ${key} is not waiting for an answer`)
    }
    disk.keys.set(key, { ...found, answer, expiresMs: clock.now() + answerLifetimeMs })
  }

  function update(entry: OutboxEntry): void {
    if (!disk.entries.has(entry.id)) throw storeFailed(`outbox has no entry ${entry.id}`)
    disk.entries.set(entry.id, entry)
  }

  function add(entry: Omit<OutboxEntry, 'id'>): OutboxEntry {
    const stored = { ...entry, id: disk.entries.size + 1 }
    disk.entries.set(stored.id, stored)
    return stored
  }

  function documentsOf(kind: string): Map<string, string> {
    const found = disk.documents.get(kind) ?? new Map<string, string>()
    disk.documents.set(kind, found)
    return found
  }

  function listDocuments(kind: string, from: string, newest: number | undefined): StoredDocument[] {
    const found = [...documentsOf(kind)].map(([id, text]) => ({ id, text })).filter(({ id }) => id >= from)
    const sorted = found.sort((a, b) => (a.id < b.id ? -1 : 1))
    return newest === undefined ? sorted : sorted.slice(Math.max(0, sorted.length - newest))
  }

  const entries = (matches: (entry: OutboxEntry) => boolean) => [...disk.entries.values()].filter(matches)

  return {
    save: (record, tip) => perform(() => save(record, tip)),
    load: (channelId) => perform(() => disk.records.get(channelId)),
    tips: (channelId) => perform(() => disk.tips.filter((tip) => tip.channelId === channelId)),
    list: () => perform(() => records().filter((record) => !record.closed)),
    listAll: () => perform(records),
    idempotency: {
      begin: (key, requestHash) => perform(() => begin(key, requestHash)),
      finish: (key, answer) => perform(() => finish(key, answer)),
      abandon: (key) =>
        perform(() => {
          if (disk.keys.get(key)?.answer === undefined) disk.keys.delete(key)
        }),
    },
    outbox: {
      add: (entry) => perform(() => add(entry)),
      update: (entry) => perform(() => update(entry)),
      get: (id) => perform(() => disk.entries.get(id)),
      open: () =>
        perform(() =>
          entries(({ status }) => !isFinal(status)).sort((a, b) => a.nonce - b.nonce || a.id - b.id),
        ),
      finished: (sinceMs) =>
        perform(() =>
          entries(({ status, updatedAtMs }) => isFinal(status) && updatedAtMs >= sinceMs).sort(
            (a, b) => a.updatedAtMs - b.updatedAtMs || a.id - b.id,
          ),
        ),
    },
    meta: {
      get: (key) => perform(() => disk.meta.get(key)),
      set: (key, value) => perform(() => void disk.meta.set(key, value)),
    },
    documents: {
      get: (kind, id) => perform(() => documentsOf(kind).get(id)),
      put: (kind, id, text) => perform(() => void documentsOf(kind).set(id, text)),
      delete: (kind, id) => perform(() => void documentsOf(kind).delete(id)),
      list: (kind, { from = '', newest } = {}) => perform(() => listDocuments(kind, from, newest)),
    },
    health: () => ({ ok: true, problem: undefined }),
    flush: () => perform(() => undefined),
    close: () => {
      isClosed = true
      return Promise.resolve()
    },
  }
}
