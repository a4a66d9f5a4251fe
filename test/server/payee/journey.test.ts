import { expect } from 'chai'
import { createWorld, deposit, next, type World } from './world.js'

/** Pieces of a hundred bytes, one after the other. */
async function* pieces(): AsyncGenerator<{ units: bigint; payload: unknown }> {
  for (let count = 0; ; count += 1) {
    yield await Promise.resolve({ units: 100n, payload: String(count).padStart(98) })
  }
}

describe('a payee', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('serves a whole journey: open, pay, tip, cut, restart, close, and every balance is exact (I2, I16)', async () => {
    const first = await world.start()
    const { offer } = first.payee
    const opened = await world.open(offer)
    const payerBefore = await world.balance(opened.channel.payer)
    const stopFeed = first.payee.feed(pieces)
    const viewer = world.viewer(opened, offer, () => first.ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('joined')
    await viewer.until('data', ({ payload }) => Number(payload) === 50)

    const tip = next(first.payee, 'tip')
    viewer.session.tip({ id: 'tip-1', amount: 1_234n, message: 'gg' })
    expect((await tip).amount).to.equal(1_234n)
    await viewer.until('tipped', ({ id }) => id === 'tip-1')

    const rejoined = next(first.payee, 'joined')
    viewer.cut()
    await rejoined
    stopFeed()
    viewer.session.media(false, 'viewer')
    await viewer.session.settled()

    // The payee goes away and another process takes up its file on the same port.
    const known = await first.payee.store.load(opened.channelId)
    await first.stop()
    const second = await world.start({}, undefined, first.port)
    const taken = await second.payee.store.load(opened.channelId)
    expect(taken?.accepted).to.equal(known?.accepted)
    expect(taken?.spent).to.equal(known?.spent)
    await next(second.payee, 'joined')

    const settled = next(second.payee, 'settled')
    viewer.session.stop()
    const { capturedAmount } = await viewer.until('closed', ({ transaction }) => transaction !== undefined)
    await settled
    const record = viewer.session.record()
    expect(capturedAmount).to.equal(record.units * 10n + 1_234n)
    expect(await world.balance(world.payeeAddress)).to.equal(capturedAmount)
    expect(await world.balance(opened.channel.payer)).to.equal(payerBefore + deposit - capturedAmount)
    const { closed } = await world.stateOf(opened.channelId)
    expect(closed).to.equal(true)
    viewer.session.leave()
  })
})
