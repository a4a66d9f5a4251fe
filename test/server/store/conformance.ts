import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import type { ServerStore, StoredAnswer } from '../../../server/dist/store/ports.js'
import { createManualClock, type ManualClock } from './clocks.js'
import { entryOf, idOf, recordOf, tipOf } from './records.js'

/** One store under test. */
export type StoreHarness = {
  readonly store: ServerStore
  /** Ends the store as a crash of the process would after the last resolved promise, and opens it anew. */
  readonly reopen: () => Promise<ServerStore>
  readonly end: () => Promise<void>
}

const hour = 3_600_000

/**
 * What every store of a payee server must do. Run it for each implementation.
 *
 * @param name of the implementation
 * @param open makes an empty store on the given clock; it must not depend on the clock moving by more than a second
 */
export function describeStore(name: string, open: (clock: ManualClock) => Promise<StoreHarness>): void {
  describe(`store conformance: ${name}`, () => {
    let clock: ManualClock
    let harness: StoreHarness
    let store: ServerStore

    beforeEach(async () => {
      clock = createManualClock()
      harness = await open(clock)
      store = harness.store
    })
    afterEach(async () => {
      await harness.end()
    })

    /** Lets a store that waits for its clock write. */
    async function durable<Value>(...writes: readonly Promise<Value>[]): Promise<Value[]> {
      clock.advance(1_000)
      return await Promise.all(writes)
    }

    async function rejection(promise: Promise<unknown>): Promise<SluiceError> {
      clock.advance(1_000)
      const error = await promise.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error).to.be.instanceOf(SluiceError)
      return error as SluiceError
    }

    it('gives back every field as it was saved, large amounts included', async () => {
      const full = recordOf(1, {
        deposited: 2n ** 96n - 1n,
        claimed: 2n ** 63n,
        accepted: 2n ** 96n - 2n,
        signature: `0x${'ab'.repeat(65)}`,
        spent: 2n ** 64n + 1n,
        units: 2n ** 64n - 1n,
        tipped: 2n ** 53n + 1n,
        closeRequestedAt: 4_294_967_294,
        consent: { capturedAmount: 2n ** 95n, payeeSignature: `0x${'cd'.repeat(64)}` },
      })
      await durable(store.save(full), store.save(recordOf(2)))
      expect(await store.load(idOf(1))).to.deep.equal(full)
      expect(await store.load(idOf(2))).to.deep.equal(recordOf(2))
      expect(await store.load(idOf(3))).to.equal(undefined)
    })

    it('still holds after reopening whatever it promised (I16)', async () => {
      await durable(
        store.save(recordOf(1, { accepted: 10n }), tipOf(1, 'a')),
        store.meta.set('deployment', '31337'),
        store.idempotency.begin('key', 'hash').then(() => undefined),
        store.documents.put('kind', 'a', 'text'),
      )
      await durable(store.outbox.add(entryOf()))
      await durable(store.save(recordOf(1, { accepted: 20n, spent: 15n })))
      const reopened = await harness.reopen()
      expect(await reopened.load(idOf(1))).to.deep.equal(recordOf(1, { accepted: 20n, spent: 15n }))
      expect(await reopened.tips(idOf(1))).to.deep.equal([tipOf(1, 'a')])
      expect(await reopened.meta.get('deployment')).to.equal('31337')
      expect(await reopened.documents.get('kind', 'a')).to.equal('text')
      expect(await reopened.outbox.open()).to.deep.equal([{ ...entryOf(), id: 1 }])
    })

    it('keeps documents by kind and id, lists them in order, replaces and deletes', async () => {
      const { documents } = store
      await durable(
        ...['c', 'a', 'b'].map((id) => documents.put('kind', id, `${id} 🎉`)),
        documents.put('other', 'a', 'elsewhere'),
      )
      await durable(documents.put('kind', 'b', 'anew'), documents.delete('kind', 'a'))
      await durable(documents.delete('kind', 'a'), documents.put('kind', 'd', ''))
      const ids = async (options: Parameters<typeof documents.list>[1]) =>
        (await documents.list('kind', options)).map(({ id }) => id)
      expect(await documents.list('kind')).to.deep.equal([
        { id: 'b', text: 'anew' },
        { id: 'c', text: 'c 🎉' },
        { id: 'd', text: '' },
      ])
      expect(await ids({ from: 'c' })).to.deep.equal(['c', 'd'])
      expect(await ids({ newest: 1 })).to.deep.equal(['d'])
      expect(await ids({ from: 'b', newest: 2 })).to.deep.equal(['c', 'd'])
      expect(await documents.get('kind', 'a')).to.equal(undefined)
      expect(await documents.get('other', 'a')).to.equal('elsewhere')
      expect(await documents.list('none')).to.deep.equal([])
    })

    it('makes writes durable in the order of the calls: the last save of a channel stands', async () => {
      const saves: Promise<void>[] = []
      const settled: bigint[] = []
      for (let amount = 1n; amount <= 50n; amount += 1n) {
        const save = store.save(recordOf(1, { accepted: amount, deposited: 1_000n - amount }))
        saves.push(save.then(() => void settled.push(amount)))
      }
      await durable(...saves)
      expect(settled).to.deep.equal(Array.from({ length: 50 }, (_, index) => BigInt(index + 1)))
      expect(await store.load(idOf(1))).to.deep.equal(recordOf(1, { accepted: 50n, deposited: 950n }))
    })

    it('tells who listens what became of a save, or gives a promise of it', async () => {
      const told: string[] = []
      const save = (name: string, record: PayeeRecord): void => {
        const saved = (): void => void told.push(name)
        const unsaved = (error: unknown): void => void told.push(`${name}: ${(error as SluiceError).code}`)
        try {
          store.save(record, undefined, { saved, unsaved })?.then(saved, unsaved)
        } catch (error) {
          unsaved(error)
        }
      }
      save('a', recordOf(1, { accepted: 5n }))
      save('b', recordOf(1, { accepted: 4n }))
      save('c', recordOf(2))
      save('d', recordOf(3, { spent: -1n }))
      await durable(store.save(recordOf(4)))
      expect(told).to.have.members(['a', 'b: store-failed', 'c', 'd: invalid-argument'])
      expect(told.filter((each) => !each.startsWith('d'))).to.deep.equal(['a', 'b: store-failed', 'c'])
      expect((await store.load(idOf(1)))?.accepted).to.equal(5n)
    })

    it('lets a read see every save that was called before it', async () => {
      const save = store.save(recordOf(1, { accepted: 7n }), tipOf(1, 'a'))
      const [record, tips, list] = await Promise.all([store.load(idOf(1)), store.tips(idOf(1)), store.list()])
      expect(record?.accepted).to.equal(7n)
      expect(tips).to.have.length(1)
      expect(list).to.have.length(1)
      await durable(save)
    })

    for (const field of ['accepted', 'spent', 'units', 'claimed'] as const) {
      it(`refuses a save that would lower ${field}, across batches and within one`, async () => {
        const high = 2n ** 95n
        const at = (amount: bigint): PayeeRecord => recordOf(1, { [field]: amount })
        await durable(store.save(at(high)))
        expect(await rejection(store.save(at(high - 1n)))).to.include({
          code: 'store-failed',
          retryable: false,
        })

        const outcomes = Promise.allSettled([
          store.save(at(high - 2n)),
          store.save(at(high + 5n)),
          store.save(at(high + 4n)),
          store.save(at(high + 5n)),
        ])
        clock.advance(1_000)
        expect((await outcomes).map(({ status }) => status)).to.deep.equal([
          'rejected',
          'fulfilled',
          'rejected',
          'fulfilled',
        ])
        expect((await store.load(idOf(1)))?.[field]).to.equal(high + 5n)
      })
    }

    it('says in a refusal which channel and which amounts, and keeps the tip of a refused save out', async () => {
      await durable(store.save(recordOf(1, { accepted: 10n })))
      const error = await rejection(store.save(recordOf(1, { accepted: 9n }), tipOf(1, 'late')))
      expect(error.details).to.contain(idOf(1)).and.contain('accepted would fall from 10 to 9')
      expect(await store.tips(idOf(1))).to.deep.equal([])
    })

    it('lets deposited fall and a close request vanish, as after a reorganisation (I21)', async () => {
      await durable(store.save(recordOf(1, { deposited: 500n, closeRequestedAt: 5 })))
      await durable(store.save(recordOf(1, { deposited: 0n, closeRequestedAt: 0 })))
      expect(await store.load(idOf(1))).to.include({ deposited: 0n, closeRequestedAt: 0 })
    })

    it('refuses amounts it cannot hold without harming the writes beside them', async () => {
      const good = store.save(recordOf(1, { accepted: 1n }))
      const negative = rejection(store.save(recordOf(2, { spent: -1n })))
      const malformed = rejection(store.save(recordOf(3, { signature: '0xabc' })))
      expect((await negative).code).to.equal('invalid-argument')
      expect((await malformed).code).to.equal('invalid-argument')
      await durable(good)
      expect((await store.listAll()).map(({ channelId }) => channelId)).to.deep.equal([idOf(1)])
    })

    it('counts a tip once, in the order of the calls, channel by channel', async () => {
      await durable(
        store.save(recordOf(1), tipOf(1, 'b')),
        store.save(recordOf(1), tipOf(1, 'a')),
        store.save(recordOf(2), tipOf(2, 'a')),
        store.save(recordOf(1), tipOf(1, 'b', { amount: 9n })),
      )
      await durable(store.save(recordOf(1), tipOf(1, 'a', { message: 'again' })))
      expect(await store.tips(idOf(1))).to.deep.equal([tipOf(1, 'b'), tipOf(1, 'a')])
      expect(await store.tips(idOf(2))).to.deep.equal([tipOf(2, 'a')])
      expect(await store.tips(idOf(3))).to.deep.equal([])
    })

    it('keeps the saves of many channels apart when they come at once', async () => {
      const saves: Promise<void>[] = []
      for (let round = 1; round <= 5; round += 1) {
        for (let number = 0; number < 200; number += 1) {
          const changes = { accepted: BigInt(number * 10 + round), spent: BigInt(round) }
          saves.push(store.save(recordOf(number, changes)))
        }
      }
      await durable(...saves)
      const list = await store.list()
      expect(list).to.have.length(200)
      for (const record of list) {
        expect(record.accepted).to.equal(BigInt(Number(record.channelId) * 10 + 5))
        expect(record.spent).to.equal(5n)
      }
    })

    it('lists only channels that are not closed, and all when asked', async () => {
      await durable(store.save(recordOf(1)), store.save(recordOf(2)), store.save(recordOf(3)))
      await durable(store.save(recordOf(2, { closed: true })))
      expect((await store.list()).map(({ channelId }) => channelId)).to.deep.equal([idOf(1), idOf(3)])
      expect((await store.listAll()).map(({ channelId }) => channelId)).to.deep.equal([
        idOf(1),
        idOf(2),
        idOf(3),
      ])
      expect((await store.load(idOf(2)))?.closed).to.equal(true)
    })

    describe('idempotency keys (I19)', () => {
      const answer: StoredAnswer = {
        status: 201,
        headers: { 'content-type': 'text/plain', 'payment-receipt': 'abc' },
        body: new Uint8Array([0, 255, 10, 13]),
      }
      const begin = async (on: ServerStore, key: string, hash: string) =>
        (await durable(on.idempotency.begin(key, hash)))[0]

      it('give a key to one request only, also when two come at once (I20)', async () => {
        const [first, second] = await durable(
          store.idempotency.begin('key', 'hash'),
          store.idempotency.begin('key', 'hash'),
        )
        expect([first?.kind, second?.kind]).to.deep.equal(['new', 'in-progress'])
        expect((await begin(store, 'other', 'hash'))?.kind).to.equal('new')
      })

      it('repeat the stored answer byte for byte, also after reopening', async () => {
        await begin(store, 'key', 'hash')
        await durable(store.idempotency.finish('key', answer))
        expect(await begin(store, 'key', 'hash')).to.deep.equal({ kind: 'answered', answer })
        const reopened = await harness.reopen()
        expect(await begin(reopened, 'key', 'hash')).to.deep.equal({ kind: 'answered', answer })
      })

      it('call a changed request a conflict, before and after the answer', async () => {
        await begin(store, 'key', 'hash')
        expect((await begin(store, 'key', 'other'))?.kind).to.equal('conflict')
        await durable(store.idempotency.finish('key', answer))
        expect((await begin(store, 'key', 'other'))?.kind).to.equal('conflict')
      })

      it('tell an interrupted request from a running one, and give it to one successor', async () => {
        await begin(store, 'key', 'hash')
        const reopened = await harness.reopen()
        expect((await begin(reopened, 'key', 'other'))?.kind).to.equal('conflict')
        expect((await begin(reopened, 'key', 'hash'))?.kind).to.equal('interrupted')
        expect((await begin(reopened, 'key', 'hash'))?.kind).to.equal('in-progress')
        await durable(reopened.idempotency.finish('key', answer))
        expect((await begin(reopened, 'key', 'hash'))?.kind).to.equal('answered')
      })

      it('can be given back while unanswered, and never once answered', async () => {
        await begin(store, 'key', 'hash')
        await durable(store.idempotency.abandon('key'))
        expect((await begin(store, 'key', 'changed'))?.kind).to.equal('new')
        await durable(store.idempotency.finish('key', answer))
        await durable(store.idempotency.abandon('key'))
        expect((await begin(store, 'key', 'changed'))?.kind).to.equal('answered')
      })

      it('are remembered for 24 hours after the answer and free again later', async () => {
        await begin(store, 'key', 'hash')
        clock.advance(hour)
        await durable(store.idempotency.finish('key', answer))
        clock.advance(24 * hour - 10_000)
        expect((await begin(store, 'key', 'hash'))?.kind).to.equal('answered')
        clock.advance(20_000)
        expect((await begin(store, 'key', 'other'))?.kind).to.equal('new')
      })

      it('refuse an answer for a key nobody took, and a second answer', async () => {
        expect((await rejection(store.idempotency.finish('key', answer))).code).to.equal('store-failed')
        await begin(store, 'key', 'hash')
        await durable(store.idempotency.finish('key', answer))
        const second = await rejection(store.idempotency.finish('key', { ...answer, status: 500 }))
        expect(second.code).to.equal('store-failed')
        expect(await begin(store, 'key', 'hash')).to.deep.equal({ kind: 'answered', answer })
      })
    })

    describe('outbox', () => {
      it('numbers entries, keeps every field, and lists the unfinished by nonce', async () => {
        const [first, second] = await durable(
          store.outbox.add(entryOf({ nonce: 8 })),
          store.outbox.add(entryOf({ nonce: 7 })),
        )
        expect([first?.id, second?.id]).to.deep.equal([1, 2])
        expect((await store.outbox.open()).map(({ nonce }) => nonce)).to.deep.equal([7, 8])
        expect(await store.outbox.get(1)).to.deep.equal({ ...entryOf({ nonce: 8 }), id: 1 })
        expect(await store.outbox.get(3)).to.equal(undefined)
      })

      it('moves final entries to the finished ones, by the time they became so', async () => {
        const inclusion = {
          hash: idOf(9),
          blockNumber: 2n ** 40n,
          blockHash: idOf(10),
          success: true,
          gasUsed: 21_000n,
          effectiveGasPrice: 2n ** 66n,
        }
        await durable(store.outbox.add(entryOf({ nonce: 1 })), store.outbox.add(entryOf({ nonce: 2 })))
        await durable(store.outbox.update({ ...entryOf({ nonce: 1, status: 'mined', inclusion }), id: 1 }))
        expect(await store.outbox.open()).to.have.length(2)
        const final = { ...entryOf({ nonce: 1, status: 'confirmed', inclusion, updatedAtMs: 500 }), id: 1 }
        await durable(store.outbox.update(final))
        expect((await store.outbox.open()).map(({ id }) => id)).to.deep.equal([2])
        expect(await store.outbox.finished(500)).to.deep.equal([final])
        expect(await store.outbox.finished(501)).to.deep.equal([])
      })

      it('refuses to update what it does not hold', async () => {
        expect((await rejection(store.outbox.update({ ...entryOf(), id: 4 }))).code).to.equal('store-failed')
      })
    })

    it('rejects everything once closed', async () => {
      await store.close()
      expect((await rejection(store.save(recordOf(1)))).code).to.equal('store-failed')
      expect((await rejection(store.load(idOf(1)))).code).to.equal('store-failed')
      expect((await rejection(store.outbox.open())).code).to.equal('store-failed')
    })
  })
}
