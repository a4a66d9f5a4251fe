import { expect } from 'chai'
import { IDBFactory } from 'fake-indexeddb'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SluiceError } from '../../../sdk/dist/errors.js'
import { createIndexedDbKeyStore } from '../../../sdk/dist/keys/indexedDbKeyStore.js'
import { createMemoryKeyStore, type KeyStore } from '../../../sdk/dist/keys/keyStore.js'
import {
  bindSessionKey,
  createSessionKey,
  createSessionSigner,
  type SessionKey,
} from '../../../sdk/dist/keys/sessionKey.js'
import { createFileKeyStore } from '../../../sdk/dist/node/index.js'
import type { Address, Hex } from '../../../sdk/dist/types.js'
import { browserCrypto, deployment, nativeCrypto, portableCrypto } from '../crypto/support.js'

const id: Hex = `0x${'c1'.repeat(32)}`
const otherId: Hex = `0x${'c2'.repeat(32)}`
const stranger: Address = '0x00000000000000000000000000000000000000aa'
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

/** One place that keys are kept in: `open` opens it anew, as a restarted program does. */
type Place = { readonly open: () => KeyStore; readonly remove: () => Promise<void> }

function memory(): Place {
  const store = createMemoryKeyStore()
  return { open: () => store, remove: () => Promise.resolve() }
}

function browser(): Place {
  const indexedDB = new IDBFactory()
  return { open: () => createIndexedDbKeyStore({ indexedDB }), remove: () => Promise.resolve() }
}

async function disk(): Promise<Place & { readonly directory: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'sluice-keys-'))
  const directory = join(parent, 'keys')
  return {
    directory,
    open: () => createFileKeyStore({ directory }),
    remove: () => rm(parent, { recursive: true }),
  }
}

const places = [
  { name: 'memory', make: memory, crypto: browserCrypto },
  { name: 'IndexedDB, WebCrypto keys', make: browser, crypto: browserCrypto },
  { name: 'IndexedDB, keys as bytes', make: browser, crypto: portableCrypto },
  { name: 'files', make: disk, crypto: nativeCrypto },
] as const

for (const { name, make, crypto } of places) {
  describe(`sdk key store, ${name}`, () => {
    let place: Place

    beforeEach(async () => {
      place = await make()
    })

    afterEach(async () => {
      await place.remove()
    })

    for (const kind of ['secp256k1', 'p256'] as const) {
      it(`gives a ${kind} key back after a restart, and it signs`, async () => {
        const key = bindSessionKey(await createSessionKey({ kind, crypto, random }), id)
        await place.open().put(key)
        const upper = `0x${key.address.slice(2).toUpperCase()}` as const
        const found = (await place.open().get(upper)) ?? expect.fail('not found')
        expect([found.address, found.channelId, found.key.kind]).to.deep.equal([key.address, id, kind])
        const signer = createSessionSigner(crypto, deployment, found)
        const signature = await signer.signVoucher(id, 1n)
        if (kind === 'secp256k1') {
          expect(signature).to.equal(await createSessionSigner(crypto, deployment, key).signVoucher(id, 1n))
        } else {
          expect(signature).to.have.lengthOf(2 + 256)
        }
      })
    }

    it('knows no key before it was put and after it was deleted', async () => {
      const store = place.open()
      expect(await store.get(stranger)).to.equal(undefined)
      expect(await store.list()).to.deep.equal([])
      await store.delete(stranger)
      const key = await newKey(crypto)
      await store.put(key)
      await store.delete(`0x${key.address.slice(2).toUpperCase()}`)
      expect(await store.get(key.address)).to.equal(undefined)
      expect(await place.open().list()).to.deep.equal([])
    })

    it('lists every key', async () => {
      const store = place.open()
      const keys = [await newKey(crypto), bindSessionKey(await newKey(crypto), id)]
      await Promise.all(keys.map((key) => store.put(key)))
      const listed = [...(await place.open().list())].sort((a, b) => a.address.localeCompare(b.address))
      expect(listed).to.deep.equal([...keys].sort((a, b) => a.address.localeCompare(b.address)))
    })

    it('binds an unbound key, and never lets a bound one go', async () => {
      const store = place.open()
      const unbound = await newKey(crypto)
      const bound = bindSessionKey(unbound, id)
      await store.put(unbound)
      await store.put(bound)
      await store.put(bound)
      for (const next of [unbound, { ...unbound, channelId: otherId }]) {
        const refusal = await store.put(next).catch((error: unknown) => error)
        expect(refusal).to.be.instanceOf(SluiceError).with.property('code', 'key-misuse')
      }
      expect((await place.open().get(bound.address))?.channelId).to.equal(id)
    })

    it('lets one of two bindings win that are put at the same time', async () => {
      const [one, two] = [place.open(), place.open()]
      const store = name === 'files' ? [one, one] : [one, two]
      const unbound = await newKey(crypto)
      await one.put(unbound)
      const outcomes = await Promise.allSettled(
        [id, otherId].map(async (channelId, index) => store[index]?.put(bindSessionKey(unbound, channelId))),
      )
      expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
    })
  })
}

describe('sdk key store, what lies in it', () => {
  let place: Awaited<ReturnType<typeof disk>> | undefined

  afterEach(async () => {
    await place?.remove()
    place = undefined
  })

  it('IndexedDB holds no private key that can be read', async () => {
    const indexedDB = new IDBFactory()
    const store = createIndexedDbKeyStore({ indexedDB })
    const plain = await createSessionKey({ kind: 'secp256k1', crypto: browserCrypto, random })
    const guarded = await createSessionKey({ kind: 'p256', crypto: browserCrypto, random })
    const bytes = await createSessionKey({ kind: 'p256', crypto: nativeCrypto, random })
    for (const key of [plain, guarded, bytes]) await store.put(key)

    const everything = await dump(indexedDB)
    const cryptoKeys = everything.filter((value) => value instanceof CryptoKey)
    expect(cryptoKeys.map((key) => [key.type, key.extractable]).sort()).to.deep.equal([
      ['private', false],
      ['secret', false],
    ])
    const readable = everything
      .filter((value): value is Uint8Array => value instanceof Uint8Array)
      .map((value) => Buffer.from(value).toString('hex'))
      .concat(everything.filter((value): value is string => typeof value === 'string'))
      .join(' ')
    expect(readable).to.include(plain.address)
    expect(readable).to.not.include(secretHex(plain))
    expect(readable).to.not.include(secretHex(bytes))
  })

  it('IndexedDB says that the key is lost when its wrapping key is gone', async () => {
    const indexedDB = new IDBFactory()
    const key = await newKey(browserCrypto)
    await createIndexedDbKeyStore({ indexedDB }).put(key)
    await forgetWrappingKey(indexedDB)
    const outcome = await createIndexedDbKeyStore({ indexedDB })
      .get(key.address)
      .catch((error: unknown) => error)
    expect(outcome).to.be.instanceOf(SluiceError).with.property('code', 'session-key-lost')
    expect(outcome).to.have.property('action', 'money-back')
  })

  it('IndexedDB that cannot be opened is a named failure, and the next attempt is made anew', async () => {
    const working = new IDBFactory()
    let broken = true
    const indexedDB = new Proxy(working, {
      get: (target, property) => {
        if (property !== 'open') return Reflect.get(target, property) as unknown
        return (name: string, version: number) => {
          if (broken) throw new DOMException('private window', 'SecurityError')
          return target.open(name, version)
        }
      },
    })
    const store = createIndexedDbKeyStore({ indexedDB })
    const key = await newKey(browserCrypto)
    const outcome = await store.put(key).catch((error: unknown) => error)
    expect(outcome).to.be.instanceOf(SluiceError).with.property('code', 'store-failed')
    broken = false
    await store.put(key)
    expect(await store.list()).to.deep.equal([key])
  })

  it('files are readable by their owner only and leave no draft behind', async () => {
    const here = (place = await disk())
    const key = await newKey(nativeCrypto)
    const store = here.open()
    await store.put(key)
    await store.put(bindSessionKey(key, id))
    expect(await readdir(here.directory)).to.deep.equal([`${key.address}.json`])
    const file = await stat(join(here.directory, `${key.address}.json`))
    expect((file.mode & 0o777).toString(8)).to.equal('600')
    expect(((await stat(here.directory)).mode & 0o777).toString(8)).to.equal('700')
  })

  it('a page that was not opened over https is told so', () => {
    const platform = Object.getOwnPropertyDescriptor(globalThis, 'crypto') ?? expect.fail('no crypto')
    Object.defineProperty(globalThis, 'crypto', { configurable: true, value: {} })
    try {
      expect(() => createIndexedDbKeyStore())
        .to.throw(SluiceError, 'https')
        .with.property('code', 'store-failed')
    } finally {
      Object.defineProperty(globalThis, 'crypto', platform)
    }
  })

  it('a damaged file is named, and is not taken for a missing key', async () => {
    const here = (place = await disk())
    const key = await newKey(nativeCrypto)
    await here.open().put(key)
    const path = join(here.directory, `${key.address}.json`)
    const whole = await readFile(path, 'utf8')
    for (const text of [
      whole.slice(0, -5),
      '[]',
      'null',
      whole.replace('"version":1', '"version":2'),
      whole.replace('secp256k1', 'ed25519'),
      whole.replace(/"secret":"0x/, '"secret":"'),
      whole.replace('"kind"', '"channelId":"0x12","kind"'),
    ]) {
      expect(text).to.not.equal(whole)
      await writeFile(path, text)
      const outcome = await here
        .open()
        .get(key.address)
        .catch((error: unknown) => error)
      expect(outcome, text).to.be.instanceOf(SluiceError).with.property('code', 'store-failed')
      expect(outcome).to.have.property('details').that.includes(path)
      const damaged: SluiceError[] = []
      const { directory } = here
      const store = createFileKeyStore({ directory, onDamaged: (error) => damaged.push(error) })
      expect(await store.list(), text).to.deep.equal([])
      expect(damaged).to.have.length(1)
      expect(damaged[0]?.details).to.include(path)
    }
  })

  it('files refuse names that are no address, and keys that WebCrypto keeps', async () => {
    const here = (place = await disk())
    const store = here.open()
    const guarded = await createSessionKey({ kind: 'p256', crypto: browserCrypto, random })
    for (const attempt of [
      () => store.get('0x../../../etc/passwd'),
      () => store.delete('0x..'),
      () => store.put(guarded),
    ]) {
      const outcome = await attempt().catch((error: unknown) => error)
      expect(outcome).to.be.instanceOf(SluiceError).with.property('code', 'invalid-argument')
    }
    expect(await store.list()).to.deep.equal([])
  })
})

function newKey(crypto: typeof browserCrypto): Promise<SessionKey> {
  return createSessionKey({ kind: 'secp256k1', crypto, random })
}

function secretHex({ key }: SessionKey): string {
  if (key.kind === 'secp256k1') return key.privateKey.slice(2)
  return key.secret instanceof Uint8Array ? Buffer.from(key.secret).toString('hex') : expect.fail('no bytes')
}

function request<result>(asked: IDBRequest<result>): Promise<result> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => {
      resolve(asked.result)
    }
    asked.onerror = () => {
      reject(asked.error ?? new Error('failed'))
    }
  })
}

/** Every value in the database, however deep, as anyone who copies it would see it. */
async function dump(factory: IDBFactory): Promise<readonly unknown[]> {
  const database = await request(factory.open('sluice-keys'))
  const found: unknown[] = []
  for (const name of database.objectStoreNames) {
    found.push(...flatten(await request(database.transaction(name).objectStore(name).getAll())))
  }
  return found
}

function flatten(value: unknown): readonly unknown[] {
  if (value instanceof ArrayBuffer) return [new Uint8Array(value)]
  if (typeof value !== 'object' || value === null) return [value]
  if (value instanceof CryptoKey || value instanceof Uint8Array) return [value]
  return Object.values(value).flatMap(flatten)
}

async function forgetWrappingKey(factory: IDBFactory): Promise<void> {
  const database = await request(factory.open('sluice-keys'))
  await request(database.transaction('wrapping-keys', 'readwrite').objectStore('wrapping-keys').clear())
  database.close()
}
