import { expect } from 'chai'
import { Hono } from 'hono'
import type { LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { parseSiweMessage } from 'viem/siwe'
import type { Address } from '@sluice/sdk'
import { connectWebSocket, type Transport } from '@sluice/sdk/session'
import type { Payee } from '@sluice/server'
import { openStudio, type OpenStudioOptions, type Studio } from '@sluice/server/studio'
import { systemClock } from '../../../server/dist/edge/system.js'
import { createWorld, next, type OpenChannel, type Running, type World } from '../payee/world.js'
import { ask, listen, signIn, type Event, type Events } from './client.js'

const origin = 'https://live.example'

describe('a studio', function () {
  this.timeout(120_000)
  let world: World
  let studio: Studio
  let running: Running
  let streamer: LocalAccount
  const ends: (() => void)[] = []

  before(async () => {
    world = await createWorld()
    streamer = privateKeyToAccount(generatePrivateKey())
  })
  afterEach(async () => {
    for (const end of ends.splice(0)) end()
    studio.close()
    await world.reset()
  })
  after(() => world.end())

  /** A payee with a studio. Its store stays when it is started again. */
  async function start(payee: Address = streamer.address, options: Partial<OpenStudioOptions> = {}) {
    let opening: Promise<Studio> | undefined
    const app = new Hono()
    running = await world.start({ payee }, (started: Payee) => {
      opening = openStudio(started, { origin, ...options })
      return app
    })
    if (opening === undefined) throw new Error('the studio was not opened')
    studio = await opening
    app.route('/', studio.routes)
    app.route('/', running.payee.app)
    return running
  }

  async function enter(): Promise<string> {
    const { token } = await signIn(running.url, streamer.address, streamer)
    return token
  }

  async function listening(path: string, bearer: string): Promise<Events> {
    const events = await listen(`${running.url}${path}`, bearer)
    ends.push(events.stop)
    return events
  }

  const api = (path: string): string => `${running.url}/studio/api${path}`

  async function overlay(
    bearer: string,
  ): Promise<{ readonly events: Events; readonly id: string; readonly secret: string }> {
    const { json, status } = await ask(api('/overlays'), { bearer, body: { label: 'OBS' } })
    expect(status).to.equal(201)
    const secret = String(json['secret'])
    return { events: await listening('/overlay/api/events', secret), id: String(json['id']), secret }
  }

  /** A viewer who pays. */
  async function join(opened: OpenChannel, reach?: (url: string) => Promise<Transport>) {
    const { offer } = running.payee
    const viewer = world.viewer(opened, offer, () => running.ws, reach === undefined ? {} : { reach })
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('joined')
    return viewer
  }

  async function tip(message: string, amount = 5_000n): Promise<void> {
    const opened = await world.open(running.payee.offer)
    const viewer = await join(opened)
    const stored = next(running.payee, 'tip', (each) => each.message === message)
    viewer.session.tip({ id: `id of ${message}`, amount, message })
    await stored
  }

  const isAlert =
    (message: string, kind = 'tip') =>
    ({ name, data }: Event): boolean =>
      name === 'alert' && data['message'] === message && data['kind'] === kind

  it('lets in the payee and its operator by a message of this place, once, and nobody else', async () => {
    const { url, payee } = await start()
    const { message, challenge, answer, signature, token } = await signIn(url, streamer.address, streamer)
    expect(parseSiweMessage(message)).to.deep.include({
      address: streamer.address,
      chainId: payee.offer.chainId,
      domain: 'live.example',
      uri: `${origin}/studio/`,
      version: '1',
      statement: 'Sign in to the studio of your stream. This moves no money and costs nothing.',
    })
    expect(challenge.status).to.equal(200)
    expect(answer.status).to.equal(201)
    expect((await ask(api('/state'), { bearer: token })).status).to.equal(200)
    expect((await signIn(url, world.operator.address, world.operator)).answer.status).to.equal(201)

    const again = await ask(api('/session'), { body: { message, signature } })
    expect(again).to.deep.include({ status: 403 })
    const changed = await ask(api('/session'), { body: { message: `${message} `, signature } })
    expect(changed.status).to.equal(403)
    const stranger = privateKeyToAccount(generatePrivateKey())
    const refused = await signIn(url, stranger.address, stranger)
    expect(refused.challenge.status).to.equal(403)
    expect(refused.challenge.json['details']).to.contain(streamer.address.toLowerCase())
    expect((await signIn(url, streamer.address, stranger)).answer.json).to.include({
      code: 'sign-in-refused',
    })

    const kept = await payee.store.documents.list('studio:session')
    expect(kept).to.have.length(2)
    expect(JSON.stringify(kept)).not.to.contain(token)
    expect((await ask(api('/session'), { bearer: token, method: 'DELETE' })).status).to.equal(204)
    const out = await ask(api('/state'), { bearer: token })
    expect(out).to.deep.include({ status: 401 })
    expect(out.json).to.include({ code: 'not-signed-in' })
  })

  it('lets in a wallet that is a contract, as long as its owner is the same (ERC-1271)', async () => {
    const wallet = await world.contractWallet(streamer.address)
    const { url } = await start(wallet)
    expect((await signIn(url, wallet, streamer)).answer.status).to.equal(201)
    const other = privateKeyToAccount(generatePrivateKey())
    expect((await signIn(url, wallet, other)).answer.status).to.equal(403)
  })

  it('takes no message after five minutes and no bearer after twelve hours', async () => {
    let aheadMs = 0
    const clock = { ...systemClock, now: () => Date.now() + aheadMs }
    const { url } = await start(streamer.address, { clock })
    const { message } = await ask(api('/challenge'), { body: { address: streamer.address } }).then(
      ({ json }) => json as { message: string },
    )
    const signature = await streamer.signMessage({ message })
    const token = await enter()
    aheadMs = 301_000
    expect((await ask(api('/session'), { body: { message, signature } })).status).to.equal(403)
    expect((await ask(api('/state'), { bearer: token })).status).to.equal(200)
    aheadMs = 12 * 3_600_000 + 1_000
    expect((await ask(api('/state'), { bearer: token })).status).to.equal(401)
    expect(url).to.contain('127.0.0.1')
  })

  it('shows overlays the tips that were verified, and no others; hides, replays and tests', async () => {
    await start()
    const bearer = await enter()
    const { events } = await overlay(bearer)
    await events.until(({ name }) => name === 'board')

    const forger = await join(await world.open(running.payee.offer), async (url) => {
      const transport = await connectWebSocket(url)
      const forge = (frame: string): string =>
        frame.includes('"voucher"') ? frame.replace(/"signature":"0x../, '"signature":"0x11') : frame
      return { ...transport, send: (frame) => transport.send(forge(frame)) }
    })
    forger.session.tip({ id: 'forged', amount: 5_000n, message: 'forged' })
    await forger.until('problem')

    await tip('first')
    const { data } = await events.until(isAlert('first'))
    expect(data).to.include({ amount: '5000' })
    const key = data['key']
    const kept = async () => (await ask(api('/state'), { bearer })).json['tips'] as { message: string }[]
    expect((await kept()).map(({ message }) => message)).to.deep.equal(['first'])

    const post = async (verb: string) => (await ask(api(`/tips/${verb}`), { bearer, body: { key } })).status
    expect(await post('hide')).to.equal(204)
    await events.until(({ name, data: hidden }) => name === 'hide' && hidden['key'] === key)
    await events.until(
      ({ name, data: board }) => name === 'board' && (board['recents'] as unknown[]).length === 0,
    )
    expect(await post('replay')).to.equal(409)
    expect(await post('show')).to.equal(204)
    expect(await post('replay')).to.equal(204)
    await events.until(isAlert('first', 'replay'))
    expect((await ask(api('/overlays/test'), { bearer, method: 'POST' })).json).to.deep.equal({
      connected: 1,
    })
    await events.until(({ name, data: alert }) => name === 'alert' && alert['kind'] === 'test')
    const alerts = events.seen.filter(({ name }) => name === 'alert')
    expect(alerts.map(({ data: alert }) => alert['kind'])).to.deep.equal(['tip', 'replay', 'test'])
    expect(JSON.stringify(events.seen)).not.to.contain('forged')
  })

  it('ends an overlay whose address was revoked, and keeps only digests of addresses', async () => {
    await start()
    const bearer = await enter()
    const { events, id, secret } = await overlay(bearer)
    await events.until(({ name }) => name === 'board')
    expect(JSON.stringify(await running.payee.store.documents.list('studio:overlay'))).not.to.contain(secret)
    expect((await ask(api(`/overlays/${id}`), { bearer, method: 'DELETE' })).status).to.equal(204)
    await events.ended
    expect((await ask(`${running.url}/overlay/api/events`, { bearer: secret })).status).to.equal(401)
    expect((await ask(`${running.url}/overlay/api/events`, { bearer })).status).to.equal(401)
    expect((await ask(api(`/overlays/${id}`), { bearer, method: 'DELETE' })).status).to.equal(404)
  })

  it('shows money as it comes, settles it, and knows over a restart what came when', async () => {
    await start()
    const bearer = await enter()
    const state = await listening('/studio/api/events', bearer)
    const opened = await world.open(running.payee.offer)
    const viewer = await join(opened)
    const [session] = running.payee.hub.sessions()
    for (let sent = 0; sent < 15;) {
      if ((await session?.sendData(100n, 'x'.repeat(100))) === true) sent += 1
      else await new Promise((resolve) => setImmediate(resolve))
    }
    viewer.session.tip({ id: 'a', amount: 5_000n, message: 'gg' })
    type Money = { earned: string; settled: string; unsettled: string; tipped: string }
    const money = (matches: (found: Money) => boolean) =>
      state.until(({ data }) => matches(data['money'] as Money)).then(({ data }) => data['money'] as Money)
    expect(await money(({ tipped }) => tipped === '5000')).to.deep.equal({
      earned: '20000',
      settled: '0',
      unsettled: '20000',
      tipped: '5000',
    })
    const gas = await state.until(({ data }) => data['settling'] !== null)
    expect(gas.data['settling']).to.have.keys('channels', 'gas', 'cost', 'balance', 'worth')

    const before = await world.balance(streamer.address)
    const answer = await ask(api('/settle'), { bearer, method: 'POST' })
    expect(answer.json['channels']).to.deep.equal([opened.channelId])
    expect(answer.json).to.deep.include({ skipped: [], refused: [], failed: [] })
    const { settled } = await money((found) => found.settled !== '0')
    // A voucher is claimed whole: the highest that grants no more than was spent.
    expect(BigInt(settled) > 0n && BigInt(settled) <= 20_000n).to.equal(true)
    expect(await world.balance(streamer.address)).to.equal(before + BigInt(settled))

    viewer.session.leave()
    const income = async () =>
      (await ask(api('/income?span=hour'), { bearer })).json['points'] as { earned: string; tipped: string }[]
    const sum = async (of: 'earned' | 'tipped') =>
      (await income()).reduce((total, point) => total + BigInt(point[of]), 0n)
    expect(await sum('earned')).to.equal(20_000n)
    expect(await sum('tipped')).to.equal(5_000n)

    await running.stop()
    studio.close()
    await start()
    expect(await sum('earned')).to.equal(20_000n)
    const { json } = await ask(api('/state'), { bearer })
    expect(json['money']).to.include({ earned: '20000', settled, tipped: '5000' })
    expect((json['tips'] as { message: string }[]).map(({ message }) => message)).to.deep.equal(['gg'])
  })

  it('offers what was set, also after a restart, and collects for a goal', async () => {
    await start()
    const bearer = await enter()
    const { events } = await overlay(bearer)
    const changes = { title: 'Another card', price: '0.00000000000000003/byte' }
    expect((await ask(api('/stream'), { bearer, method: 'PUT', body: changes })).json).to.include({
      title: 'Another card',
      price: '30',
    })
    const goal = { title: 'A new lock', target: '10000' }
    expect((await ask(api('/goal'), { bearer, method: 'PUT', body: goal })).status).to.equal(204)
    await tip('for the lock')
    await events.until(({ name, data }) => {
      const found = data['goal'] as { reached: string } | null
      return name === 'board' && found?.reached === '5000'
    })
    await running.stop()
    studio.close()
    await start()
    expect(running.payee.offer).to.include({ title: 'Another card', price: 30n })
    expect((await ask(api('/state'), { bearer })).json['goal']).to.deep.equal({ ...goal, reached: '5000' })
    expect((await ask(api('/goal'), { bearer, method: 'DELETE' })).status).to.equal(204)
    expect((await ask(api('/state'), { bearer })).json['goal']).to.equal(null)
  })

  it('has a stream key that stays until it is replaced', async () => {
    await start()
    const bearer = await enter()
    const { key } = (await ask(api('/key'), { bearer })).json
    expect(key).to.equal(studio.streamKey.current())
    let told = 0
    studio.streamKey.onChange(() => (told += 1))
    const renewed = await ask(api('/key'), { bearer, method: 'POST' })
    expect(renewed.json['key']).not.to.equal(key)
    expect(told).to.equal(1)
    await running.stop()
    studio.close()
    await start()
    expect(studio.streamKey.current()).to.equal(renewed.json['key'])
  })

  it('refuses what is not as expected, says what was, and describes itself', async () => {
    await start()
    const bearer = await enter()
    const refused = async (path: string, body: unknown, method = 'POST') => {
      const { status, json } = await ask(api(path), { bearer, body, method })
      return `${String(status)} ${String(json['details'])}`
    }
    expect(await refused('/tips/hide', '{')).to.match(/^400 the body is not JSON/)
    expect(await refused('/tips/hide', { key: 'x' })).to.match(/^400 key: /)
    expect(await refused('/tips/hide', { key: `${'0'.repeat(64)}-00` })).to.match(/^404 tip 0+/)
    expect(await refused('/goal', { title: 'x', target: '0' }, 'PUT')).to.match(/^400 target: expected more/)
    expect(await refused('/stream', { price: '1/s' }, 'PUT')).to.match(/^400 price 1\/s is by the second/)
    expect(await refused('/stream', { color: 'red' }, 'PUT')).to.match(/^400 /)
    expect(await refused('/overlays', { label: 'a\nb' })).to.match(/^400 label: expected no control/)
    expect(await refused('/overlays', { label: 'x'.repeat(20_000) })).to.match(/^413 /)
    expect(await refused('/nothing', {})).to.match(/^404 /)
    expect((await ask(api('/income?span=year'), { bearer })).status).to.equal(400)
    for (let guess = 0; guess < 30; guess += 1) await ask(api('/state'), { bearer: `guess-${String(guess)}` })
    expect((await ask(api('/state'), { bearer: 'one-more' })).status).to.equal(429)
    const document = (await ask(`${running.url}/openapi.json`)).json as {
      paths: Record<string, unknown>
      components: { schemas: Record<string, unknown> }
    }
    expect(document.paths).to.include.keys('/studio/api/session', '/overlay/api/events', '/healthz')
    expect(document.components.schemas).to.include.keys('StudioState', 'Offer')
  })
})
