import { expect } from 'chai'
import { createWorld, next, type World } from './world.js'

/** Pieces that count for `units` bytes and have about a hundred. */
async function* pieces(units: bigint): AsyncGenerator<{ units: bigint; payload: unknown }> {
  for (let count = 0; ; count += 1)
    yield await Promise.resolve({ units, payload: 'x'.repeat(60) + String(count) })
}

describe('a payee that counts more bytes than it sends', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('is found out over its own WebSocket, paid no more, and the viewer can still stop', async () => {
    const { payee, ws } = await world.start()
    const opened = await world.open(payee.offer)
    payee.feed(() => pieces(500n))
    const viewer = world.viewer(opened, payee.offer, () => ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    const { error } = await viewer.until('problem', ({ error }) => error.code === 'overcharged')
    expect(error.action).to.equal('money-back')
    const { overcharge, signed } = viewer.session.record()
    const { claimed, counted } = overcharge ?? expect.fail('no evidence')
    expect(claimed.units > counted.units + counted.units / 20n + 1_100n).to.equal(true)
    expect(error.details).to.include(String(claimed.units)).and.include(String(counted.units))
    // What it really sent, the slack, and the window that is paid ahead.
    expect(signed <= 10n * (counted.units + counted.units / 20n + 1_100n + 1_000n)).to.equal(true)
    expect(() => viewer.session.tip({ id: 'a', amount: 1n, message: '' })).to.throw('charges for more')

    const settled = next(payee, 'settled')
    viewer.session.stop()
    const { capturedAmount } = await viewer.until('closed', ({ transaction }) => transaction !== undefined)
    await settled
    expect(viewer.session.record().signed).to.equal(signed)
    expect(capturedAmount <= signed).to.equal(true)
    expect(await world.balance(world.payeeAddress)).to.equal(capturedAmount)
  })

  it('is not one that sends what it counts, however long it runs', async () => {
    const { payee, ws } = await world.start()
    const opened = await world.open(payee.offer)
    payee.feed(() => pieces(60n))
    const viewer = world.viewer(opened, payee.offer, () => ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('data', ({ sequence }) => sequence > 200)
    viewer.cut()
    await viewer.until('joined', ({ resumed }) => resumed)
    const before = viewer.events.splice(0)
    await viewer.until('data', ({ sequence }) => sequence > 200)
    const problems = [...before, ...viewer.events].filter((event) => event.type === 'problem')
    expect(problems).to.deep.equal([])
  })
})
