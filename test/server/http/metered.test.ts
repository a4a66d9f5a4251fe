import { expect } from 'chai'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Payee, PayeeOptions } from '@sluice/server'
import { createVirtualClock, type VirtualClock } from '../../support/virtualClock.js'
import { createWorld, next, type Running, type World } from '../payee/world.js'
import { createClient, eventsOf, receiptOf } from './payment.js'

/** One base unit a byte. */
const byteRoute = { price: { amount: 1n, unit: 'byte', per: 1n }, unit: 'byte' } as const
/** A thousand base units a second. */
const secondRoute = { price: { amount: 1_000n, unit: 'second', per: 1n }, unit: 'second' } as const

describe('a metered route', () => {
  let world: World
  let running: Running
  /** Chunks of the running answer, written by the test. */
  let source: ReadableStreamDefaultController<Uint8Array>
  let sourceEnded: string | undefined
  const write = (text: string) => source.enqueue(new TextEncoder().encode(text))

  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        source = controller
      },
      cancel: (reason) => {
        sourceEnded = String(reason)
      },
    })
  const events = { headers: { 'Content-Type': 'text/event-stream' } }
  const routes = (payee: Payee): Hono => {
    const app = new Hono()
    app.use('/bytes', payee.middleware(byteRoute))
    app.all('/bytes', () => new Response('x'.repeat(2_500)))
    app.use('/lines', payee.middleware(byteRoute))
    app.all('/lines', () => new Response(body(), events))
    app.use('/seconds', payee.middleware(secondRoute))
    app.all('/seconds', () => new Response(body(), events))
    app.use('/helper', payee.middleware(byteRoute))
    app.all('/helper', (c) => streamSSE(c, (stream) => stream.writeSSE({ data: 'hello', event: 'tick' })))
    return app
  }

  before(async () => {
    world = await createWorld()
  })
  beforeEach(() => {
    sourceEnded = undefined
  })
  afterEach(() => world.reset())
  after(() => world.end())

  async function start(options: Partial<PayeeOptions> = {}): Promise<void> {
    running = await world.start(options, routes)
  }
  async function client(granted: bigint, path: string) {
    const opened = await world.open(running.payee.offer)
    const made = createClient(running.url, opened)
    await made.challenged(path)
    made.grant(granted)
    return { client: made, ...opened }
  }
  const spentOn = async (channelId: `0x${string}`) => (await running.payee.store.load(channelId))?.spent

  describe('by the byte', () => {
    it('charges exactly the bytes it delivers', async () => {
      await start()
      const { client: payer, channelId } = await client(10_000n, '/bytes')
      const response = await payer.pay('/bytes', 'open')
      expect((await response.text()).length).to.equal(2_500)
      expect(receiptOf(response)).to.include({ spent: '0', units: 0 })
      expect(await spentOn(channelId)).to.equal(2_500n)
    })

    it('does not run the handler when vouchers cover not even the first piece', async () => {
      await start()
      const { client: payer } = await client(0n, '/bytes')
      const response = await payer.pay('/bytes', 'open')
      expect(response.status).to.equal(402)
      expect(await response.json()).to.include({ requiredCumulative: '1', acceptedCumulative: '0' })
    })

    it('delivers no byte that is not paid, says need-voucher, and goes on when one is posted (I15)', async () => {
      await start()
      const { client: payer, channelId } = await client(30n, '/lines')
      const response = await payer.pay('/lines', 'open')
      const seen = eventsOf(response)
      write('data: 0123456\n\n')
      expect((await seen.next()).value).to.deep.equal({ event: 'message', data: '0123456' })
      expect(await spentOn(channelId)).to.equal(15n)
      write('data: 0123456789abcdef\n\n')
      const need = (await seen.next()).value as { event: string; data: string }
      expect(need.event).to.equal('payment-need-voucher')
      expect(JSON.parse(need.data)).to.deep.equal({
        channelId,
        requiredCumulative: '39',
        acceptedCumulative: '30',
        deposit: '1000000',
      })
      expect(await spentOn(channelId)).to.equal(15n)

      payer.grant(39n)
      const posted = await payer.pay('/lines', 'voucher', { method: 'POST' })
      expect(posted.status).to.equal(204)
      expect((await seen.next()).value).to.deep.equal({ event: 'message', data: '0123456789abcdef' })
      source.close()
      const last = (await seen.next()).value as { event: string; data: string }
      expect(last.event).to.equal('payment-receipt')
      expect(JSON.parse(last.data)).to.include({ spent: '39', acceptedCumulative: '39', units: 39 })
      expect((await seen.next()).done).to.equal(true)
      expect(running.payee.status().streams).to.equal(0)
    })

    it('never puts its own event inside one of the source', async () => {
      await start()
      const { client: payer } = await client(1n, '/lines')
      const seen = eventsOf(await payer.pay('/lines', 'open'))
      write('event: tick\nda')
      write('ta: one\n')
      write('\ndata: tw')
      expect((await seen.next()).value).to.have.property('event', 'payment-need-voucher')
      payer.grant(1_000n)
      await payer.pay('/lines', 'voucher', { method: 'HEAD' })
      expect((await seen.next()).value).to.deep.equal({ event: 'tick', data: 'one' })
      write('o\n\n')
      expect((await seen.next()).value).to.deep.equal({ event: 'message', data: 'two' })
      source.close()
      expect((await seen.next()).value).to.have.property('event', 'payment-receipt')
    })

    it("works with hono's own event helper", async () => {
      await start()
      const { client: payer, channelId } = await client(1_000n, '/helper')
      const seen = eventsOf(await payer.pay('/helper', 'open'))
      expect((await seen.next()).value).to.deep.equal({ event: 'tick', data: 'hello' })
      expect((await seen.next()).value).to.have.property('event', 'payment-receipt')
      expect(await spentOn(channelId)).to.equal(BigInt('event: tick\ndata: hello\n\n'.length))
    })

    it('ends an answer that is not paid in time, telling why, and ends its source', async () => {
      const clock = createVirtualClock(Date.now())
      await drive(clock, start({ clock }))
      const { client: payer } = await client(1n, '/lines')
      const seen = eventsOf(await drive(clock, payer.pay('/lines', 'open')))
      write('data: too much\n\n')
      expect((await drive(clock, seen.next())).value).to.have.property('event', 'payment-need-voucher')
      await clock.advance(60_000)
      const end = (await drive(clock, seen.next())).value as { event: string; data: string }
      expect(end.event).to.equal('payment-error')
      expect(JSON.parse(end.data)).to.include({ status: 402, action: 'top-up' })
      expect((await drive(clock, seen.next())).value).to.have.property('event', 'payment-receipt')
      expect((await drive(clock, seen.next())).done).to.equal(true)
      expect(sourceEnded).to.equal('unpaid')
      await drive(clock, running.stop())
    })

    it('lets go of everything when the client goes away', async () => {
      await start()
      const { client: payer } = await client(1n, '/lines')
      const abort = new AbortController()
      const seen = eventsOf(await payer.pay('/lines', 'open', { signal: abort.signal }))
      write('data: too much\n\n')
      await seen.next()
      const gone = new Promise<void>((resolve) => {
        const look = () => (running.payee.status().streams === 0 ? resolve() : setImmediate(look))
        look()
      })
      abort.abort()
      await gone
      expect(sourceEnded).to.equal('cancelled')
    })

    it('ends with a receipt when the payee stops', async () => {
      await start()
      const { client: payer } = await client(1_000n, '/lines')
      const seen = eventsOf(await payer.pay('/lines', 'open'))
      write('data: one\n\n')
      await seen.next()
      const stopped = running.stop()
      expect((await seen.next()).value).to.have.property('event', 'payment-error')
      expect((await seen.next()).value).to.have.property('event', 'payment-receipt')
      await stopped
    })
  })

  describe('by the second', () => {
    it('charges the time between pieces, and stands still while the source does', async () => {
      const clock = createVirtualClock(Date.now())
      await drive(clock, start({ clock }))
      const { client: payer, channelId } = await client(100_000n, '/seconds')
      const seen = eventsOf(await drive(clock, payer.pay('/seconds', 'open')))
      const tick = async () => {
        write('data: x\n\n')
        return drive(clock, seen.next())
      }
      await tick()
      expect(await drive(clock, spentOn(channelId))).to.equal(0n)
      await clock.advance(1_000)
      await tick()
      const afterOne = (await drive(clock, spentOn(channelId))) ?? 0n
      expect(afterOne >= 1_000n && afterOne < 1_100n, String(afterOne)).to.equal(true)
      // A minute of nothing counts for two seconds: nobody pays for a frozen picture.
      await clock.advance(60_000)
      await tick()
      expect(await drive(clock, spentOn(channelId))).to.equal(afterOne + 2_000n)
      await drive(clock, running.stop())
    })

    it('ends an older answer of a channel when a newer one starts', async () => {
      await start()
      const { client: payer } = await client(100_000n, '/seconds')
      const first = eventsOf(await payer.pay('/seconds', 'open'))
      write('data: x\n\n')
      await first.next()
      await payer.challenged('/seconds')
      const second = eventsOf(await payer.pay('/seconds'))
      expect((await first.next()).value).to.have.property('event', 'payment-error')
      write('data: y\n\n')
      expect((await second.next()).value).to.deep.equal({ event: 'message', data: 'y' })
      expect(running.payee.status().streams).to.equal(1)
      source.close()
      await second.next()
    })

    it('needs a whole second up front', async () => {
      await start()
      const { client: payer } = await client(999n, '/seconds')
      const response = await payer.pay('/seconds', 'open')
      expect(response.status).to.equal(402)
      expect(await response.json()).to.include({ requiredCumulative: '1000' })
    })
  })

  it('is priced by the offer when it says nothing', async () => {
    running = await world.start({}, (payee) => {
      const app = new Hono()
      app.use('/live', payee.middleware())
      app.get('/live', () => new Response('12345'))
      return app
    })
    const accepted = next(running.payee, 'accepted')
    const { client: payer, channelId } = await client(1_000n, '/live')
    expect(await (await payer.pay('/live', 'open')).text()).to.equal('12345')
    expect((await accepted).record.channelId).to.equal(channelId)
    expect(await running.payee.store.load(channelId)).to.include({ spent: 50n, units: 5n })
  })

  it('refuses a price that cannot be asked', async () => {
    await start()
    const { payee } = running
    expect(() => payee.middleware({ price: '0.001/request', unit: 'second' })).to.throw(/cannot be asked/)
    expect(() => payee.middleware({ price: '0/request' })).to.throw(/cannot be asked/)
    expect(() => payee.middleware({ price: 'cheap' })).to.throw(/is not a price/)
  })
})

/** Lets a virtual clock run until something is there: the store's commits wait for it. */
async function drive<Value>(clock: VirtualClock, work: Promise<Value>): Promise<Value> {
  const state = { over: false }
  const done = work.finally(() => {
    state.over = true
  })
  while (!state.over) await clock.advance(1)
  return done
}
