import { SluiceError } from '../errors.js'
import { answer, completion, openDatabase } from '../keys/indexedDb.js'
import type { PayerRecord, PayerStore } from '../session/ports.js'
import { keepHighest } from './keepHighest.js'

export type IndexedDbStoreOptions = {
  /** Name of the database. Default `sluice-channels`. */
  readonly name?: string
  /** Default: the browser's. */
  readonly indexedDB?: IDBFactory
}

const channels = 'channels'

/**
 * A payer's store in the browser's IndexedDB: a channel survives a reload. Writes ask for strict durability.
 *
 * @param options defaults fit a browser
 * @returns a store whose functions throw `store-failed` when the database fails (private windows, full disks)
 */
export function createIndexedDbStore(options: IndexedDbStoreOptions = {}): PayerStore {
  let database: Promise<IDBDatabase> | undefined

  async function transaction(mode: IDBTransactionMode): Promise<IDBTransaction> {
    database ??= openDatabase(options.indexedDB ?? indexedDB, options.name ?? 'sluice-channels', createStores)
    try {
      return (await database).transaction(channels, mode, { durability: 'strict' })
    } catch (cause) {
      database = undefined
      throw cause
    }
  }

  return {
    put: (record) =>
      guard(async () => {
        const writing = await transaction('readwrite')
        const store = writing.objectStore(channels)
        const stored = store.get(record.channelId) as IDBRequest<PayerRecord | undefined>
        stored.onsuccess = () => {
          store.put(keepHighest(stored.result, record))
        }
        await completion(writing)
      }),
    get: (channelId) =>
      guard(async () => {
        const store = (await transaction('readonly')).objectStore(channels)
        return answer(store.get(channelId) as IDBRequest<PayerRecord | undefined>)
      }),
    list: () =>
      guard(async () => {
        const store = (await transaction('readonly')).objectStore(channels)
        return answer(store.getAll() as IDBRequest<PayerRecord[]>)
      }),
    delete: (channelId) =>
      guard(async () => {
        const writing = await transaction('readwrite')
        writing.objectStore(channels).delete(channelId)
        await completion(writing)
      }),
  }
}

function createStores(database: IDBDatabase): void {
  database.createObjectStore(channels, { keyPath: 'channelId' })
}

async function guard<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (cause) {
    throw new SluiceError({
      code: 'store-failed',
      message: 'This browser could not keep the record of your stream.',
      details: cause instanceof Error ? cause.message : String(cause),
      action: 'retry',
      retryable: true,
      cause,
    })
  }
}
