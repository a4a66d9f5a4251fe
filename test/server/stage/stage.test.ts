import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { expect } from 'chai'
import { Hono } from 'hono'
import { connectWebSocket } from '@sluice/sdk/session'
import type { Payee } from '@sluice/server'
import { openStage, type LiveStage } from '@sluice/server/stage'
import { createWorld, next, type OpenChannel, type Running, type World } from '../payee/world.js'
import { createScreen, post, publish, type Seen } from './peers.js'

const streamKey = 'a key for tests only'
/** Base units a millisecond. */
const price = 2n
/** Seconds prepaid, and on credit. */
const window = 2
const creditSeconds = 1
/** Milliseconds on credit. */
const credit = creditSeconds * 1_000
/** What is bought of media at once, and a frame of it that may be on its way. */
const slackMs = 440
/** What is bought ahead of it. */
const aheadMs = 400

describe('a stage', function () {
  this.timeout(60_000)
  let world: World
  let stage: LiveStage
  let running: Running
  const ends: (() => Promise<unknown>)[] = []

  before(async () => {
    world = await createWorld()
  })
  beforeEach(async () => {
    running = await world.start(
      { price: { amount: price * 1000n, unit: 'second', per: 1n }, window, credit: creditSeconds },
      withStage,
    )
  })
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()))
    await stage.close()
    await world.reset()
  })
  after(() => world.end())

  function withStage(payee: Payee): Hono {
    stage = openStage(payee, { streamKey })
    const app = new Hono()
    app.route('/', stage.routes)
    app.route('/', payee.app)
    return app
  }

  async function goLive() {
    const publisher = await publish(`${running.url}/stage/whip`, streamKey)
    ends.push(publisher.stop)
    return publisher
  }

  async function watch(opened: OpenChannel, socket?: string, budget = opened.amount) {
    const screen = createScreen(`${running.url}/stage/whep`, socket)
    ends.push(screen.close)
    const { offer } = running.payee
    const viewer = world.viewer(opened, offer, () => running.ws, { reach: screen.reach, budget })
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('joined')
    return { screen, viewer }
  }

  const spentMs = (opened: OpenChannel): bigint | undefined =>
    running.payee.hub
      .sessions()
      .find(({ channel }) => channel.record().channelId === opened.channelId)
      ?.channel.record().units

  it('forwards what is paid, as it is paid, beginning with a picture that stands by itself (I15)', async () => {
    await goLive()
    const opened = await world.open(running.payee.offer)
    const { screen, viewer } = await watch(opened)
    let shown = 0
    await screen.until((seen) => {
      viewer.session.delivered(BigInt(20 * (seen.length - shown)))
      shown = seen.length
      return seen.length > 150
    })
    expect(screen.seen[0]?.isKey).to.equal(true)
    expect(gaps(screen.seen)).to.deep.equal([])
    const paidMs = Number(spentMs(opened))
    const shownMs = (screen.seen.length - 1) * 20
    expect(paidMs).to.be.at.least(shownMs)
    expect(paidMs).to.be.at.most(shownMs + slackMs + aheadMs)
    const { accepted, spent } = await recordOf(opened)
    expect(spent <= accepted + BigInt(credit) * price).to.equal(true)
  })

  it('stands still when the deposit is used up, and leaks nothing beyond the credit (I15, I21)', async () => {
    const publisher = await goLive()
    const paidMs = 3_000
    const opened = await world.open(running.payee.offer, {}, BigInt(paidMs) * price)
    const { screen } = await watch(opened)
    while (publisher.sent() < 300) await new Promise((resolve) => setImmediate(resolve))
    expect(screen.seen.length).to.be.greaterThan(0)
    const { accepted, spent } = await recordOf(opened)
    expect(spent <= accepted + BigInt(credit) * price).to.equal(true)
    // The last group of pictures, which came at once, was paid like all the rest.
    expect(screen.seen.length * 20).to.be.at.most(paidMs + 20)
  })

  it('lets sound go on with the credit when the picture stands still, then stops both (I15)', async () => {
    const publisher = await goLive()
    const opened = await world.open(running.payee.offer)
    const { screen } = await watch(opened, undefined, 2_500n * price)
    await screen.until((seen) => seen.length > 10)
    await next(running.payee, 'gate', ({ open, reason }) => !open && reason === 'unpaid')
    const sentBy = publisher.sent() + 50
    while (publisher.sent() < sentBy) await new Promise((resolve) => setImmediate(resolve))
    const { accepted, spent } = await recordOf(opened)
    expect(accepted).to.equal(2_500n * price)
    expect(spent > accepted && spent <= accepted + BigInt(credit) * price).to.equal(true)
    const pictures = screen.seen.filter(({ number }) => number > 0).length
    expect(screen.heard.length * 20).to.be.at.most(2_500 + credit + 20)
    expect(pictures * 20).to.be.at.most(2_500 + 20)
    expect(screen.heardAfterPicture()).to.be.greaterThan(0)
  })

  it('is paid by a WebSocket that is tied to the connection, where there is no data channel (I15)', async () => {
    await goLive()
    const opened = await world.open(running.payee.offer)
    const { screen, viewer } = await watch(opened, running.ws)
    let played = 0n
    await screen.until((seen) => {
      viewer.session.delivered(BigInt(20 * seen.length) - played)
      played = BigInt(20 * seen.length)
      return seen.length > 60
    })
    const { accepted, spent } = await recordOf(opened)
    expect(spent > 0n && spent <= accepted + BigInt(credit) * price).to.equal(true)

    // The id is good once, so that nobody else's session takes the place; and both end together.
    const [id] = screen.ids
    const stranger = await connectWebSocket(`${running.ws}?media=${String(id)}`)
    expect(await new Promise((resolve) => stranger.onClose(resolve))).to.equal('no such media connection')
    const rejoined = next(running.payee, 'joined')
    viewer.cut()
    expect((await rejoined).record.channelId).to.equal(opened.channelId)
    expect(screen.ids.length).to.equal(2)
    expect(stage.status()).to.deep.equal({ live: true, viewers: 1 })
  })

  it('pauses with the player and comes back with a picture that stands by itself', async () => {
    const publisher = await goLive()
    const opened = await world.open(running.payee.offer)
    const { screen, viewer } = await watch(opened)
    let counted = 0
    const play = (until: number) =>
      screen.until((seen) => {
        viewer.session.delivered(BigInt(20 * (seen.length - counted)))
        counted = seen.length
        return seen.length >= until
      })
    await play(40)
    viewer.session.media(false, 'viewer')
    await viewer.until('receipt')
    const sentBefore = publisher.sent()
    const stoodAt = screen.seen.length
    while (publisher.sent() < sentBefore + 50) await new Promise((resolve) => setImmediate(resolve))
    expect(screen.seen.length).to.be.at.most(stoodAt + 25)
    const resumedFrom = screen.seen.length
    viewer.session.media(true, 'viewer')
    await play(resumedFrom + 30)
    expect(screen.seen[resumedFrom]?.isKey).to.equal(true)
    expect(gaps(screen.seen)).to.deep.equal([])
    expect(publisher.asked()).to.be.greaterThan(0)
  })

  it('resumes the same channel by a new request after a cut', async () => {
    await goLive()
    const opened = await world.open(running.payee.offer)
    const { screen, viewer } = await watch(opened)
    await screen.until((seen) => seen.length > 20)
    const rejoined = next(running.payee, 'joined')
    viewer.cut()
    expect((await rejoined).record.channelId).to.equal(opened.channelId)
    const before = screen.seen.length
    await screen.until((seen) => seen.length > before + 20)
    expect(stage.status()).to.deep.equal({ live: true, viewers: 1 })
  })

  it('sends nothing to a viewer who does not pay', async () => {
    const publisher = await goLive()
    const screen = createScreen(`${running.url}/stage/whep`)
    ends.push(screen.close)
    await screen.reach()
    const from = publisher.sent()
    while (publisher.sent() < from + 50) await new Promise((resolve) => setImmediate(resolve))
    expect(screen.seen).to.deep.equal([])
  })

  it('takes a goodbye also from whoever is gone already', async () => {
    const publisher = await goLive()
    const opened = await world.open(running.payee.offer)
    const { screen, viewer } = await watch(opened)
    const [id = ''] = screen.ids
    const goodbye = async (resource: string, headers = {}): Promise<number> =>
      (await fetch(`${running.url}/stage/${resource}`, { method: 'DELETE', headers })).status
    viewer.session.leave()
    while (stage.status().viewers > 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await goodbye(`whep/${id}`)).to.equal(200)
    const key = { Authorization: `Bearer ${streamKey}` }
    const resource = `whip/${publisher.id}`
    expect([await goodbye(resource, key), await goodbye(resource, key)]).to.deep.equal([200, 200])
    expect(await goodbye(resource)).to.equal(401)
    expect(await goodbye('whep/unknown')).to.equal(404)
  })

  it('lets a new publisher take over, to whom viewers come back', async () => {
    await goLive()
    const opened = await world.open(running.payee.offer)
    const { screen } = await watch(opened)
    await screen.until((seen) => seen.length > 10)
    const rejoined = next(running.payee, 'joined')
    await goLive()
    await rejoined
    const before = screen.seen.length
    await screen.until((seen) => seen.length > before + 10)
  })

  it('refuses what is no offer, too long, or without the key, and says when nobody publishes', async () => {
    const whip = `${running.url}/stage/whip`
    const whep = `${running.url}/stage/whep`
    const key = { Authorization: `Bearer ${streamKey}` }
    const statuses = await Promise.all([
      post(whip, 'v=0'),
      post(whip, 'v=0', { Authorization: 'Bearer another key for tests' }),
      post(whip, 'nonsense', key),
      post(whip, 'v=0', { ...key, 'Content-Type': 'text/plain' }),
      post(whip, 'x'.repeat(70_000), key),
      post(whep, 'v=0'),
      fetch(`${whep}/unknown`, { method: 'DELETE' }),
    ])
    expect(statuses.map(({ status }) => status)).to.deep.equal([401, 401, 400, 400, 413, 503, 404])
    const waiting = (await statuses[5].json()) as { code: string; retryable: boolean }
    expect(waiting.code).to.equal('payee-offline')
    expect(waiting.retryable).to.equal(true)
    expect(stage.status()).to.deep.equal({ live: false, viewers: 0 })
  })

  it('takes a new key at once and ends who published with the old one', async () => {
    let current = streamKey
    let changed: () => void = () => undefined
    const replaceable = openStage(running.payee, {
      streamKey: {
        current: () => current,
        onChange: (listener) => {
          changed = listener
          return () => undefined
        },
      },
    })
    const whip = `${await serve(replaceable)}/stage/whip`
    const publisher = await publish(whip, streamKey)
    ends.push(publisher.stop)
    expect(replaceable.status().live).to.equal(true)
    current = 'another key for tests'
    changed()
    while (replaceable.status().live) await new Promise((resolve) => setImmediate(resolve))
    expect((await post(whip, 'v=0', { Authorization: `Bearer ${streamKey}` })).status).to.equal(401)
    const again = await publish(whip, current)
    ends.push(again.stop)
    expect(replaceable.status().live).to.equal(true)
  })

  it('makes no more connections for an address than it may ask for, and tells it when to come back', async () => {
    const careful = openStage(running.payee, { streamKey, offersPerMinute: 2, trustProxy: true })
    const url = await serve(careful)
    const ask = (address: string) => post(`${url}/stage/whep`, 'v=0', { 'X-Forwarded-For': address })
    // Whoever waits for a stream that has not begun is not counted.
    for (let round = 0; round < 4; round += 1) {
      const waiting = await ask('192.0.2.1')
      expect(waiting.status).to.equal(503)
      expect(waiting.headers.get('Retry-After')).to.equal('1')
    }
    ends.push((await publish(`${url}/stage/whip`, streamKey)).stop)
    expect((await ask('192.0.2.1')).status).to.equal(400)
    expect((await ask('198.51.100.7, 192.0.2.1')).status).to.equal(400)
    const refused = await ask('192.0.2.1')
    expect(refused.status).to.equal(429)
    expect(refused.headers.get('Content-Type')).to.equal('application/problem+json')
    expect(Number(refused.headers.get('Retry-After'))).to.be.within(1, 60)
    const { code, retryable, details } = (await refused.json()) as Record<string, unknown>
    expect({ code, retryable, details }).to.deep.equal({
      code: 'rate-limited',
      retryable: true,
      details: 'more than 2 offers a minute from 192.0.2.1',
    })
    expect((await ask('192.0.2.2')).status).to.equal(400)
    expect(careful.status()).to.deep.equal({ live: true, viewers: 0 })
  })

  it('wants a stream key that cannot be guessed, and a price by the second', async () => {
    expect(() => openStage(running.payee, { streamKey: 'short' })).to.throw('too short')
    const byteSeller = await world.start({ store: world.file('bytes.db') })
    expect(() => openStage(byteSeller.payee, { streamKey })).to.throw('sold by the second')
  })

  /** A server for a stage of its own. */
  async function serve(live: LiveStage): Promise<string> {
    const server = createServer(
      (incoming, outgoing) => void getRequestListener(live.routes.fetch)(incoming, outgoing),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ends.push(async () => {
      await live.close()
      server.close()
    })
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  }

  async function recordOf({ channelId }: OpenChannel) {
    const record = await running.payee.store.load(channelId)
    if (record === undefined) throw new Error('the payee does not know the channel')
    return record
  }
})

/** Sequence numbers that did not follow one another. */
function gaps(seen: readonly Seen[]): readonly Seen[] {
  return seen.filter((frame, index) => {
    const before = seen[index - 1]
    return before !== undefined && (before.sequenceNumber + 1) % 0x1_0000 !== frame.sequenceNumber
  })
}
