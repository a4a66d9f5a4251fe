import { expect } from 'chai'
import { IDBFactory } from 'fake-indexeddb'
import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SluiceError, type Hex } from '@sluice/sdk'
import {
  createIndexedDbStore,
  createMemoryStore,
  type PayerRecord,
  type PayerStore,
} from '@sluice/sdk/session'
import { createFileStore } from '../../../sdk/dist/node/index.js'
import { keepHighest } from '../../../sdk/dist/store/keepHighest.js'
import { channelId, payerRecord } from '../session/world.js'

const otherId: Hex = `0x${'c2'.repeat(32)}`
const receipt = {
  channelId,
  accepted: 9n,
  spent: 8n,
  units: 4n,
  at: 1_700_000_000,
  signature: '0xee',
} as const

/** A record with something in every field. */
const full = (change: Partial<PayerRecord> = {}): PayerRecord =>
  payerRecord({
    deposited: (1n << 96n) - 1n,
    budget: 10n ** 27n,
    signed: (1n << 95n) + 1n,
    signature: `0x${'ab'.repeat(64)}`,
    units: (1n << 64n) - 1n,
    tipped: 12_345n,
    pendingTips: [{ id: 'tip-1', amount: 50_000n, message: 'gg "quoted" \u2028 {"bigint":"5"} é' }],
    receipt,
    ...change,
  })

/** One place that records are kept in: `open` opens it anew, as a reload does. */
type Place = { readonly open: () => PayerStore; readonly remove: () => Promise<void> }

function memory(): Place {
  const store = createMemoryStore()
  return { open: () => store, remove: async () => undefined }
}

function browser(): Place {
  const indexedDB = new IDBFactory()
  return { open: () => createIndexedDbStore({ indexedDB }), remove: async () => undefined }
}

async function disk(): Promise<Place> {
  const parent = await mkdtemp(join(tmpdir(), 'sluice-payer-'))
  const directory = join(parent, 'channels')
  return { open: () => createFileStore({ directory }), remove: () => rm(parent, { recursive: true }) }
}

async function refusal(work: Promise<unknown>): Promise<SluiceError> {
  try {
    await work
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  throw new Error('accepted')
}

for (const [name, make] of Object.entries({ memory, IndexedDB: browser, files: disk })) {
  describe(`sdk payer store, ${name}`, () => {
    let place: Place
    beforeEach(async () => {
      place = await make()
    })
    afterEach(() => place.remove())

    it('gives back what was put, every field, also when it is opened anew', async () => {
      await place.open().put(full())
      expect(await place.open().get(channelId)).to.deep.equal(full())
    })

    it('gives a record that has nothing yet back as one that has nothing yet', async () => {
      await place.open().put(payerRecord())
      const { receipt: none, ...rest } = (await place.open().get(channelId)) ?? payerRecord({ signed: 1n })
      const { receipt: alsoNone, ...expected } = payerRecord()
      expect(rest).to.deep.equal(expected)
      expect([none, alsoNone]).to.deep.equal([undefined, undefined])
    })

    it('knows nothing before anything was put', async () => {
      const store = place.open()
      expect(await store.get(channelId)).to.equal(undefined)
      expect(await store.list()).to.deep.equal([])
      await store.delete(channelId)
    })

    it('lists every channel once, closed ones included', async () => {
      const store = place.open()
      await store.put(full())
      await store.put(full({ channelId: otherId, closed: true }))
      await store.put(full({ units: (1n << 64n) - 1n }))
      const listed = await place.open().list()
      expect(listed.map((record) => [record.channelId, record.closed]).sort()).to.deep.equal(
        [
          [channelId, false],
          [otherId, true],
        ].sort(),
      )
    })

    it('forgets a channel, and only that', async () => {
      const store = place.open()
      await store.put(full())
      await store.put(full({ channelId: otherId }))
      await store.delete(channelId)
      expect(await place.open().get(channelId)).to.equal(undefined)
      expect((await place.open().list()).map((record) => record.channelId)).to.deep.equal([otherId])
    })

    it('never lets the signed total fall, whoever writes last (I18)', async () => {
      const first = place.open()
      const second = place.open()
      await first.put(full({ signed: 500n, signature: '0x05', units: 50n, tipped: 7n }))
      await second.put(full({ signed: 300n, signature: '0x03', units: 90n, tipped: 3n, budget: 1n }))
      expect(await first.get(channelId)).to.deep.include({
        signed: 500n,
        signature: '0x05',
        units: 90n,
        tipped: 7n,
        budget: 1n,
      })
    })

    it('keeps the highest of many puts that nobody waited for (I18)', async () => {
      const store = place.open()
      const amounts = Array.from({ length: 30 }, (_, index) => BigInt((index * 7) % 30))
      await Promise.all(
        amounts.map((signed) =>
          store.put(
            full({ signed, signature: `0x${'0'.repeat(62)}${signed.toString(16).padStart(2, '0')}` }),
          ),
        ),
      )
      expect(await place.open().get(channelId)).to.include({
        signed: 29n,
        signature: `0x${'0'.repeat(62)}1d`,
      })
    })
  })
}

describe('sdk payer store, what is kept of two records', () => {
  it('is the newer one, with the higher amounts and the signature of the higher total (I18)', () => {
    const stored = full({ signed: 9n, signature: '0x09', units: 5n, tipped: 1n, closed: true })
    const next = full({ signed: 4n, signature: '0x04', units: 6n, tipped: 0n, pendingTips: [] })
    expect(keepHighest(stored, next)).to.deep.equal({
      ...next,
      signed: 9n,
      signature: '0x09',
      tipped: 1n,
      closed: true,
    })
    expect(keepHighest(undefined, next)).to.equal(next)
    expect(keepHighest(next, stored)).to.deep.equal({ ...stored, units: 6n })
  })
})

describe('sdk payer store, IndexedDB', () => {
  it('says store-failed when the browser gives no database, and works once it does', async () => {
    const real = new IDBFactory()
    let broken = true
    const indexedDB = new Proxy(real, {
      get: (target, name) => {
        if (broken && name === 'open') {
          return () => {
            throw new Error('private window')
          }
        }
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    const store = createIndexedDbStore({ indexedDB })
    const error = await refusal(store.put(full()))
    expect(error).to.include({ code: 'store-failed', retryable: true, details: 'private window' })
    expect((await refusal(store.get(channelId))).code).to.equal('store-failed')
    broken = false
    await store.put(full())
    expect((await store.list()).length).to.equal(1)
  })

  it('says store-failed for what cannot be stored, and keeps what was there', async () => {
    const store = createIndexedDbStore({ indexedDB: new IDBFactory() })
    await store.put(full())
    const unstorable = { ...full(), title: () => 'a function' }
    expect((await refusal(store.put(unstorable))).code).to.equal('store-failed')
    expect(await store.get(channelId)).to.deep.equal(full())
  })
})

describe('sdk payer store, files', function () {
  this.timeout(60_000)
  let parent = ''
  let directory = ''
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'sluice-payer-'))
    directory = join(parent, 'channels')
  })
  afterEach(() => rm(parent, { recursive: true }))
  const path = (): string => join(directory, `${channelId}.json`)

  it('are readable by their owner alone', async () => {
    await createFileStore({ directory }).put(full())
    expect((await stat(path())).mode & 0o777).to.equal(0o600)
    expect((await stat(directory)).mode & 0o777).to.equal(0o700)
  })

  it('that are damaged are refused by name, and keep no other channel from going on', async () => {
    const damaged: SluiceError[] = []
    const store = createFileStore({ directory, onDamaged: (error) => damaged.push(error) })
    const other = { ...full(), channelId: `0x${'0e'.repeat(32)}` } as const
    await store.put(other)
    await store.put(full())
    const good = await readFile(path(), 'utf8')
    const damages = [
      '',
      '{',
      'null',
      '[]',
      '{}',
      good.slice(0, good.length / 2),
      good.replace('"signed"', '"sined"'),
    ]
    for (const text of damages) {
      await writeFile(path(), text)
      const error = await refusal(store.get(channelId))
      expect(error.code, text.slice(0, 20)).to.equal('store-failed')
      expect(error.details).to.contain(directory)
      expect(await store.list(), text.slice(0, 20)).to.deep.equal([other])
      expect(damaged.splice(0).map(({ details }) => details)).to.deep.equal([error.details])
      expect(await readFile(path(), 'utf8')).to.equal(text)
    }
    await store.put(full())
    expect(await store.get(channelId)).to.deep.equal(full())
  })

  it('of other kinds in the same folder are left alone', async () => {
    const store = createFileStore({ directory })
    await store.put(full())
    await writeFile(join(directory, 'notes.txt'), 'not a channel')
    await writeFile(`${path()}.4711.draft`, '{"half":')
    expect((await store.list()).map((record) => record.channelId)).to.deep.equal([channelId])
  })

  it('cannot be led out of their folder by an id', async () => {
    const store = createFileStore({ directory })
    const sneaky: Hex = `0x${'../'.repeat(20)}etc`
    for (const work of [store.get(sneaky), store.delete(sneaky), store.put(full({ channelId: sneaky }))]) {
      expect((await refusal(work)).code).to.equal('invalid-argument')
    }
  })

  it('say store-failed when the folder cannot be written', async () => {
    await writeFile(directory, 'a file where a folder should be')
    const error = await refusal(createFileStore({ directory }).put(full()))
    expect(error).to.include({ code: 'store-failed', retryable: true, action: 'retry' })
    await rm(directory)
    await mkdir(directory)
    await chmod(directory, 0o700)
    await createFileStore({ directory }).put(full())
  })

  it('survive a writer that is killed at any moment: whole, and with everything that was put (I18)', async () => {
    const writer = fileURLToPath(new URL('./writer.ts', import.meta.url))
    let highest = 0n
    for (let kill = 0; kill < 8; kill += 1) {
      const child = spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
      const lines = 3 + kill * 5
      let text = ''
      for await (const chunk of child.stdout) {
        text += String(chunk)
        if (text.split('\n').length > lines) child.kill('SIGKILL')
      }
      const put = BigInt(text.trim().split('\n').at(-1) ?? 0)
      if (put > highest) highest = put
      const record = await createFileStore({ directory }).get(channelId)
      expect(record !== undefined && record.signed >= highest, `${highest} was put`).to.equal(true)
      expect(record?.signature).to.equal(`0x${record?.signed.toString(16).padStart(64, '0')}`)
      highest = record?.signed ?? highest
    }
    expect(highest > 20n).to.equal(true)
    expect((await readdir(directory)).filter((name) => name.endsWith('.json'))).to.have.length(1)
  })
})
