import type { RandomBytes } from '../crypto/crypto.js'
import { platformRandom } from '../crypto/loadCrypto.js'
import { SluiceError } from '../errors.js'
import { answer, completion, openDatabase } from './indexedDb.js'
import type { KeyStore } from './keyStore.js'
import { createSealer, type SealedKey } from './sealedKey.js'
import { requireSameBinding } from './sessionKey.js'

export type IndexedDbKeyStoreOptions = {
  /** Name of the database. Default `sluice-keys`. */
  readonly name?: string
  /** Default: the browser's. */
  readonly indexedDB?: IDBFactory
  /** Default: the browser's. */
  readonly subtle?: SubtleCrypto
  /** Makes nonces of the encryption. Default: the browser's. */
  readonly random?: RandomBytes
}

const keys = 'keys'
const wrappingKeys = 'wrapping-keys'

/**
 * Keeps session keys in the browser's IndexedDB. A P-256 key of WebCrypto is stored as such and cannot be exported. Any
 * other key is stored encrypted by an AES key that cannot be exported: a copy of the database alone is worth nothing,
 * though code that runs in the page can still use what it holds.
 *
 * @param options defaults fit a browser
 * @throws SluiceError `store-failed` when the page was opened neither over https nor from this machine
 * @returns a store whose functions throw `store-failed` when the database fails (private windows, full disks) and
 * `session-key-lost` when a key cannot be decrypted any more
 */
export function createIndexedDbKeyStore(options: IndexedDbKeyStoreOptions = {}): KeyStore {
  const subtle = options.subtle ?? platformSubtle()
  const random = options.random ?? platformRandom
  let database: Promise<IDBDatabase> | undefined
  let wrapping: Promise<CryptoKey> | undefined

  async function open(): Promise<IDBDatabase> {
    database ??= openDatabase(options.indexedDB ?? indexedDB, options.name ?? 'sluice-keys', createStores)
    try {
      return await database
    } catch (cause) {
      database = undefined
      throw cause
    }
  }

  async function sealer() {
    wrapping ??= open().then((db) => loadWrappingKey(db, subtle))
    try {
      return createSealer(await wrapping, subtle, random)
    } catch (cause) {
      wrapping = undefined
      throw cause
    }
  }

  async function read<result>(ask: (store: IDBObjectStore) => IDBRequest<result>): Promise<result> {
    const transaction = (await open()).transaction(keys)
    return answer(ask(transaction.objectStore(keys)))
  }

  return {
    get: (address) =>
      guard(async () => {
        const sealed = await read(
          (store) => store.get(address.toLowerCase()) as IDBRequest<SealedKey | undefined>,
        )
        return sealed === undefined ? undefined : (await sealer()).unseal(sealed)
      }),
    put: (key) =>
      guard(async () => {
        const sealed = await (await sealer()).seal(key)
        const transaction = (await open()).transaction(keys, 'readwrite', { durability: 'strict' })
        const finished = completion(transaction)
        const store = transaction.objectStore(keys)
        const stored = store.get(sealed.address) as IDBRequest<SealedKey | undefined>
        try {
          requireSameBinding(await answer(stored), sealed)
        } catch (refusal) {
          transaction.abort()
          await finished.catch(() => undefined)
          throw refusal
        }
        store.put(sealed)
        await finished
      }),
    delete: (address) =>
      guard(async () => {
        const transaction = (await open()).transaction(keys, 'readwrite', { durability: 'strict' })
        transaction.objectStore(keys).delete(address.toLowerCase())
        await completion(transaction)
      }),
    list: () =>
      guard(async () => {
        const sealed = await read((store) => store.getAll() as IDBRequest<SealedKey[]>)
        if (sealed.length === 0) return []
        const { unseal } = await sealer()
        return Promise.all(sealed.map(unseal))
      }),
  }
}

function createStores(database: IDBDatabase): void {
  database.createObjectStore(keys, { keyPath: 'address' })
  database.createObjectStore(wrappingKeys)
}

/** The one key that encrypts the others. Two tabs may make one at the same time; the first that is stored counts. */
async function loadWrappingKey(database: IDBDatabase, subtle: SubtleCrypto): Promise<CryptoKey> {
  const candidate = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const transaction = database.transaction(wrappingKeys, 'readwrite', { durability: 'strict' })
  const finished = completion(transaction)
  const store = transaction.objectStore(wrappingKeys)
  const stored = await answer(store.get('current') as IDBRequest<CryptoKey | undefined>)
  if (stored === undefined) store.put(candidate, 'current')
  await finished
  return stored ?? candidate
}

async function guard<result>(work: () => Promise<result>): Promise<result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError({
      code: 'store-failed',
      message: 'This browser did not keep the key of your stream.',
      details: `IndexedDB: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`,
      action: 'retry',
      retryable: true,
      cause,
    })
  }
}

/** Browsers leave it out of pages that anybody on the way could have changed. */
function platformSubtle(): SubtleCrypto {
  const { subtle } = crypto as { readonly subtle?: SubtleCrypto }
  if (subtle !== undefined) return subtle
  throw new SluiceError({
    code: 'store-failed',
    message: 'This page was not opened over https, so it can keep no keys.',
    details: 'crypto.subtle is missing',
  })
}
