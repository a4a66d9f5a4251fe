import { expect } from 'chai'
import { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import { createWorld, next, type World } from './world.js'

describe('an offer that changes while the payee runs', function () {
  this.timeout(60_000)
  let world: World

  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('holds for sessions that begin afterwards: who is connected pays the old price', async () => {
    const running = await world.start()
    const { payee, ws } = running
    const agreed = payee.offer
    const opened = await world.open(agreed)
    const viewer = world.viewer(opened, agreed, () => ws)
    const paid = next(payee, 'accepted')
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await paid
    const [session] = payee.hub.sessions()
    await session?.sendData(100n, 'x'.repeat(100))
    expect(session?.channel.record().spent).to.equal(1_000n)

    const told = next(payee, 'reoffered')
    await payee.reoffer({ title: 'Another card', price: '0.00000000000000003/byte' })
    expect((await told).offer).to.deep.equal(payee.offer)
    expect(payee.offer).to.include({ title: 'Another card', price: 30n, token: agreed.token })
    const document = (await (await fetch(`${running.url}/.well-known/sluice`)).json()) as { price: string }
    expect(document.price).to.equal('30')
    await session?.sendData(100n, 'x'.repeat(100))
    expect(session?.channel.record().spent).to.equal(2_000n)

    const late = await world.open(payee.offer)
    const newcomer = world.viewer(late, payee.offer, () => ws)
    const paidToo = next(payee, 'accepted', ({ record }) => record.channelId === late.channelId)
    newcomer.session.media(true, 'viewer')
    newcomer.session.start()
    await paidToo
    const second = payee.hub.sessions().find(({ channel }) => channel.record().channelId === late.channelId)
    await second?.sendData(100n, 'x'.repeat(100))
    expect(second?.channel.record().spent).to.equal(3_000n)

    viewer.cut()
    const { error } = await viewer.until('problem', ({ error: { code } }) => code === 'offer-changed')
    expect(error.details).to.contain('price: agreed 10, now 30')
  })

  it('asks the new price on routes that name none of their own', async () => {
    const running = await world.start({}, (payee) => {
      const app = new Hono()
      app.use('/paid', payee.middleware())
      app.get('/paid', (c) => c.text('here'))
      return app
    })
    const asked = async () => {
      const header = (await fetch(`${running.url}/paid`)).headers.get('WWW-Authenticate') ?? ''
      const request = /request="([^"]+)"/.exec(header)?.[1] ?? ''
      return JSON.parse(Buffer.from(request, 'base64url').toString()) as { amount: string; currency: string }
    }
    expect(await asked()).to.include({ amount: '10', currency: world.tokenAddress })
    const token = await world.otherToken()
    await running.payee.reoffer({ price: '0.00000000000000003/byte', token })
    expect(await asked()).to.include({ amount: '30', currency: token })
  })

  it('stays as it was when it cannot be changed', async () => {
    const { payee } = await world.start()
    const before = payee.offer
    const refused = async (changes: Parameters<typeof payee.reoffer>[0]) => {
      const error: unknown = await payee.reoffer(changes).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(SluiceError)
      return (error as SluiceError).code
    }
    expect(await refused({ price: '0.002/s' })).to.equal('invalid-argument')
    expect(await refused({ price: '0/byte' })).to.equal('invalid-argument')
    expect(await refused({ price: 'much' })).to.equal('invalid-argument')
    expect(await refused({ title: 'x'.repeat(201) })).to.equal('invalid-argument')
    expect(await refused({ token: world.payeeAddress })).to.equal('wrong-token')
    expect(payee.offer).to.equal(before)
  })
})
