import { expect } from 'chai'
import type { FeedPiece, ServerStore } from '@sluice/server'
import { createMemoryDisk, createMemoryStore } from '@sluice/server'
import { systemClock } from '../../../server/dist/edge/system.js'
import { connectRaw, refusedStatus } from '../ws/connection.js'
import { createWorld, deposit, next, type OpenChannel, type Running, type World } from './world.js'

async function* pieces(): AsyncGenerator<FeedPiece> {
  for (let count = 0; ; count += 1) yield await Promise.resolve({ units: 100n, payload: count })
}

/** Speaks for a channel over a raw connection; `pay` resolves when the voucher was acknowledged. */
async function joinRaw({ ws }: Running, { channel, channelId, signer }: OpenChannel) {
  const raw = await connectRaw(ws)
  const { challenge } = await raw.frame('offer')
  const signature = await signer.signSession(channelId, challenge as `0x${string}`)
  raw.send({ type: 'open', channel: { ...channel, rate: '0', burst: '0' }, signature })
  await raw.frame('snapshot')
  return {
    raw,
    pay: async (cumulative: bigint): Promise<void> => {
      const voucher = await signer.signVoucher(channelId, cumulative)
      raw.send({ type: 'voucher', channelId, cumulative: String(cumulative), signature: voucher })
      await raw.frame('ack')
    },
  }
}

describe('a payee that stops', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('in the middle of a feed loses nothing: receipt, disk and what was sent agree (I16)', async () => {
    const running = await world.start()
    const { offer } = running.payee
    const opened = await world.open(offer)
    running.payee.feed(pieces)
    const viewer = world.viewer(opened, offer, () => running.ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('data', ({ payload }) => payload === 20)
    await running.stop()
    const again = await world.start()
    const record = await again.payee.store.load(opened.channelId)
    const received = viewer.events.filter(({ type }) => type === 'data').length
    if (record === undefined) throw new Error('the channel is not stored')
    const { receipt } = await viewer.until('receipt', ({ receipt: signed }) => signed.spent === record.spent)
    const { acknowledged } = viewer.session.state()
    expect(acknowledged > 0n && acknowledged <= record.accepted).to.equal(true)
    expect(receipt.accepted <= record.accepted).to.equal(true)
    // Nothing was charged that did not arrive, and nothing arrived that was not charged.
    expect(record.units).to.equal(BigInt(received) * 100n)
    expect(record.spent).to.equal(record.units * 10n)
  })

  it('says goodbye and takes nobody in meanwhile', async () => {
    const running = await world.start()
    const raw = await connectRaw(running.ws)
    await raw.frame('offer')
    const stopped = running.payee.close('maintenance')
    expect(await refusedStatus(running.ws)).to.equal(503)
    expect(await raw.closed).to.deep.equal({ code: 1001, reason: 'maintenance' })
    await stopped
    expect(running.payee.close()).to.equal(running.payee.close())
  })

  it('does not wait for a client that is stuck', async () => {
    const running = await world.start({ shutdownMs: 700 })
    const raw = await connectRaw(running.ws)
    raw.socket.pause()
    const before = Date.now()
    await running.payee.close()
    expect(Date.now() - before).to.be.lessThan(3_000)
    raw.socket.terminate()
  })

  it('settles what was earned first when it was asked to, and leaves what was only paid ahead', async () => {
    const running = await world.start({ settleOnClose: true, settlement: { everyMs: 100_000 } })
    const { payee } = running
    payee.feed(pieces)
    const [streamed, prepaid] = [await world.open(payee.offer), await world.open(payee.offer)]
    const { raw, pay } = await joinRaw(running, streamed)
    const stopped = next(payee, 'gate', ({ open }) => !open)
    await pay(5_000n)
    await stopped
    raw.send({ type: 'media', state: 'paused', reason: 'viewer' })
    await pay(20_000n)
    const ahead = await joinRaw(running, prepaid)
    ahead.raw.send({ type: 'media', state: 'paused', reason: 'viewer' })
    await ahead.pay(10_000n)
    raw.socket.terminate()
    ahead.raw.socket.terminate()
    await running.stop()
    expect((await world.stateOf(streamed.channelId)).claimed).to.equal(5_000n)
    expect((await world.stateOf(prepaid.channelId)).claimed).to.equal(0n)
    const again = await world.start()
    const { accepted, spent } = (await again.payee.store.load(streamed.channelId)) ?? {}
    expect([accepted, spent]).to.deep.equal([20_000n, 6_000n])
  })

  it('leaves a store open that was not its own', async () => {
    const store = createMemoryStore({ clock: systemClock })
    const running = await world.start({ store })
    await running.stop()
    await store.meta.set('still', 'open')
    expect(await store.meta.get('still')).to.equal('open')
  })
})

describe('a payee whose disk is full', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('acknowledges nothing, says so, and goes on from what is stored when there is room again (I16)', async () => {
    const disk = createMemoryDisk()
    const memory = createMemoryStore({ clock: systemClock, disk })
    const state = { full: false }
    const store: ServerStore = {
      ...memory,
      save: (record, tip) =>
        state.full ? Promise.reject(new Error('no space left on device')) : memory.save(record, tip),
    }
    const running = await world.start({ store })
    const opened = await world.open(running.payee.offer)
    const join = async () => {
      const raw = await connectRaw(running.ws)
      const { challenge } = await raw.frame('offer')
      const signature = await opened.signer.signSession(opened.channelId, challenge as `0x${string}`)
      const terms = { ...opened.channel, rate: '0', burst: '0' }
      raw.send({ type: 'open', channel: terms, signature })
      return { raw, snapshot: await raw.frame('snapshot') }
    }
    const voucher = async (cumulative: bigint) => ({
      type: 'voucher',
      channelId: opened.channelId,
      cumulative: String(cumulative),
      signature: await opened.signer.signVoucher(opened.channelId, cumulative),
    })
    const { raw } = await join()
    raw.send(await voucher(100n))
    expect(await raw.frame('ack')).to.include({ accepted: '100' })

    state.full = true
    raw.send(await voucher(200n))
    expect(await raw.frame('error')).to.include({ code: 'store-failed', retryable: true })
    await raw.closed
    expect(raw.frames.filter(({ type }) => type === 'ack')).to.deep.equal([])

    state.full = false
    const back = await join()
    expect(back.snapshot['highest']).to.include({ cumulative: '100' })
    // The same voucher again: it must be stored now, not taken for known.
    back.raw.send(await voucher(200n))
    expect(await back.raw.frame('ack')).to.include({ accepted: '200' })
    expect(disk.records.get(opened.channelId)?.accepted).to.equal(200n)
    back.raw.socket.terminate()
  })
})

describe('a payee and the chain', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('takes what was delivered when the payer asked to close, and gives the rest back at once (I6)', async () => {
    const running = await world.start()
    const { payee } = running
    const opened = await world.open(payee.offer)
    payee.feed(pieces)
    const viewer = world.viewer(opened, payee.offer, () => running.ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('data', ({ payload }) => payload === 3)
    const settled = next(payee, 'settled')
    await world.channels.requestClose(opened.channel)
    await settled
    const { claimed, closed } = await world.stateOf(opened.channelId)
    const record = await payee.store.load(opened.channelId)
    expect(closed).to.equal(true)
    expect(claimed > 0n).to.equal(true)
    expect(claimed).to.equal(record?.spent)
    expect(await viewer.until('media', ({ open, reason }) => !open && reason === 'closing')).to.be.an(
      'object',
    )
  })

  it('takes up a close that a former process agreed to and did not hand in', async () => {
    const first = await world.start({ settlement: false })
    const opened = await world.open(first.payee.offer)
    first.payee.feed(pieces)
    const viewer = world.viewer(opened, first.payee.offer, () => first.ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('data', ({ payload }) => payload === 10)
    viewer.session.stop()
    const { capturedAmount } = await viewer.until('closed')
    await first.stop()
    expect((await world.stateOf(opened.channelId)).closed).to.equal(false)
    const payerBefore = await world.balance(opened.channel.payer)
    const second = await world.start()
    await next(second.payee, 'closed')
    expect((await world.stateOf(opened.channelId)).closed).to.equal(true)
    expect(await world.balance(opened.channel.payer)).to.equal(payerBefore + deposit - capturedAmount)
  })

  it('spends no gas on a channel that earned nothing: its payer can close it with the consent', async () => {
    const running = await world.start()
    const opened = await world.open(running.payee.offer)
    const viewer = world.viewer(opened, running.payee.offer, () => running.ws)
    viewer.session.start()
    await viewer.until('joined')
    viewer.session.stop()
    const { capturedAmount, payeeSignature } = await viewer.until('closed')
    expect(capturedAmount).to.equal(0n)
    expect(running.payee.settler.status().underWay).to.deep.equal([])
    await world.channels.close(opened.channel, 0n, 0n, '0x', payeeSignature)
    expect((await world.stateOf(opened.channelId)).closed).to.equal(true)
  })
})

describe('a feed', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('stops at the credit when vouchers stop, and goes on when they come again (I15)', async () => {
    const running = await world.start()
    const { payee } = running
    const opened = await world.open(payee.offer)
    payee.feed(pieces)
    const { raw, pay } = await joinRaw(running, opened)
    const stopsAt = async (expected: bigint) => {
      await next(payee, 'gate', ({ open }) => !open)
      await raw.frame('receipt')
      expect(payee.hub.sessions()[0]?.channel.record().spent).to.equal(expected)
    }
    // 5,000 base units are 500 bytes; the credit is 100 more.
    let stopped = stopsAt(6_000n)
    await pay(5_000n)
    await stopped
    stopped = stopsAt(11_000n)
    await pay(10_000n)
    await stopped
    const payloads = raw.frames.filter(({ type }) => type === 'data').map(({ payload }) => payload)
    expect(payloads).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    raw.socket.terminate()
  })

  it('ends its source when the session leaves, and reports a source that throws', async () => {
    const running = await world.start()
    const { payee } = running
    const opened = await world.open(payee.offer)
    const ended = new Promise<void>((resolve) => {
      payee.feed(async function* (_, signal) {
        signal.addEventListener('abort', () => resolve())
        yield* pieces()
      })
    })
    payee.feed(async function* () {
      await Promise.resolve()
      yield { units: 1n, payload: 'one' }
      throw new Error('the sensor broke')
    })
    const failed = next(payee, 'error')
    const viewer = world.viewer(opened, payee.offer, () => running.ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    expect(((await failed).cause as Error).message).to.equal('the sensor broke')
    viewer.session.leave()
    await ended
  })

  it('by the second is metered in milliseconds and stands still while the viewer pauses', async () => {
    const running = await world.start({
      price: { amount: 2_000n, unit: 'second', per: 1n },
      window: 10,
      credit: 3,
    })
    const { payee } = running
    const opened = await world.open(payee.offer)
    payee.feed(async function* () {
      for (let count = 0; ; count += 1) yield await Promise.resolve({ units: 100n, payload: count })
    })
    const viewer = world.viewer(opened, payee.offer, () => running.ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('data', ({ payload }) => payload === 10)
    viewer.session.media(false, 'viewer')
    const { receipt } = await viewer.until('receipt', ({ receipt: signed }) => signed.units >= 1_100n)
    expect(receipt.spent).to.equal((receipt.units * 2_000n) / 1_000n)
    expect(await world.verifier.verifyReceipt(payee.offer.operator, receipt)).to.equal(true)
  })
})
