import type { Address } from '../types.js'
import { requireSameBinding, type SessionKey } from './sessionKey.js'

/** Keeps session keys. Addresses match in either case. */
export type KeyStore = {
  readonly get: (address: Address) => Promise<SessionKey | undefined>
  /**
   * Durable when the promise resolves. A key that is bound to a channel can be replaced only by itself with the same
   * binding: anything else is refused with `key-misuse`.
   */
  readonly put: (key: SessionKey) => Promise<void>
  /** No error when there is none. */
  readonly delete: (address: Address) => Promise<void>
  readonly list: () => Promise<readonly SessionKey[]>
}

/** Keeps session keys until the program ends. What they guard is lost with them: for tests and short errands. */
export function createMemoryKeyStore(): KeyStore {
  const keys = new Map<string, SessionKey>()
  return {
    get: (address) => Promise.resolve(keys.get(address.toLowerCase())),
    put: (key) =>
      new Promise((resolve) => {
        const name = key.address.toLowerCase()
        requireSameBinding(keys.get(name), key)
        keys.set(name, key)
        resolve()
      }),
    delete: (address) => {
      keys.delete(address.toLowerCase())
      return Promise.resolve()
    },
    list: () => Promise.resolve([...keys.values()]),
  }
}
