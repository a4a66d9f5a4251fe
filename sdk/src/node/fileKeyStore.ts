/// <reference types="node" />
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../errors.js'
import type { KeyStore } from '../keys/keyStore.js'
import { requireSameBinding, type SessionKey } from '../keys/sessionKey.js'
import type { Address } from '../types.js'
import { guardDisk, orMissing, readEach, replaceFile, warnOfDamage, type OnDamaged } from './durableFile.js'
import { decodeKeyFile, encodeKeyFile } from './keyFile.js'

export type FileKeyStoreOptions = {
  /** Where the files go, one a key; made with mode 0700 when missing. */
  readonly directory: string
  /** Told of each damaged file that `list` leaves out; `get` throws for it. Default: a warning of the process. */
  readonly onDamaged?: OnDamaged
}

/**
 * Keeps session keys in files that only this user can read (mode 0600). A file is replaced as a whole or not at all and
 * is on the disk when `put` resolves. One process a directory: writes are put in order within this store only.
 *
 * @param options where
 * @returns a store whose functions throw `store-failed` when the disk fails or the file asked for is damaged, and
 * `invalid-argument` for keys that WebCrypto keeps, because those cannot be written to a file
 */
export function createFileKeyStore(options: FileKeyStoreOptions): KeyStore {
  const { directory, onDamaged = warnOfDamage } = options
  let writes: Promise<unknown> = Promise.resolve()

  function inOrder<result>(work: () => Promise<result>): Promise<result> {
    const done = writes.then(() => guard(directory, work))
    writes = done.catch(() => undefined)
    return done
  }

  return {
    get: (address) => guard(directory, () => read(pathOf(directory, address))),
    put: (key) =>
      inOrder(async () => {
        const path = pathOf(directory, key.address)
        const text = encodeKeyFile(key)
        await mkdir(directory, { recursive: true, mode: 0o700 })
        requireSameBinding(await read(path), key)
        await replaceFile(directory, path, text)
      }),
    delete: (address) =>
      inOrder(async () => {
        await rm(pathOf(directory, address), { force: true })
      }),
    list: () => guard(directory, () => readEach(directory, /^0x[0-9a-f]{40}\.json$/, read, onDamaged)),
  }
}

/** The address becomes a file name, so it is checked: nothing else may reach the path. */
function pathOf(directory: string, address: Address): string {
  const name = address.toLowerCase()
  if (/^0x[0-9a-f]{40}$/.test(name)) return join(directory, `${name}.json`)
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'This is not the address of a key.',
    details: `expected 20 bytes of hex, found ${address}`,
  })
}

async function read(path: string): Promise<SessionKey | undefined> {
  const text = await readFile(path, 'utf8').catch(orMissing(undefined))
  return text === undefined ? undefined : decodeKeyFile(text, path)
}

function guard<result>(directory: string, work: () => Promise<result>): Promise<result> {
  return guardDisk('The key of this stream', directory, work)
}
