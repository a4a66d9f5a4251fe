import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import { Hono } from 'hono'
import type { Payee } from '@sluice/server'
import { createWorld, deposit, type Running, type World } from '../payee/world.js'
import { challengeOf, createClient, receiptOf, requestOf } from './payment.js'

const price = 1_000n

describe('a route priced by the request', () => {
  let world: World
  let running: Running
  let handled = 0

  const routes = (payee: Payee): Hono => {
    const app = new Hono()
    app.use(
      '/paid/*',
      payee.middleware({ price: { amount: price, unit: 'request', per: 1n }, unit: 'request' }),
    )
    app.all('/paid/echo', async (c) => {
      handled += 1
      return c.json({ handled, body: await c.req.text() })
    })
    app.get('/paid/broken', () => {
      throw new Error('the handler is broken')
    })
    app.onError((error, c) => c.text(error.message, 500))
    app.get('/free', (c) => c.text('free'))
    return app
  }

  before(async () => {
    world = await createWorld()
  })
  beforeEach(async () => {
    handled = 0
    running = await world.start({}, routes)
  })
  afterEach(() => world.reset())
  after(() => world.end())

  /** A client whose channel the payee has admitted. */
  async function opened(granted = 0n) {
    const channel = await world.open(running.payee.offer)
    const client = createClient(running.url, channel)
    await client.challenged('/paid/echo')
    client.grant(granted)
    return { client, ...channel }
  }
  it('ends a session of the same channel, which would take what it does not see for overcharging', async () => {
    const { client, ...channel } = await opened()
    const viewer = world.viewer(channel, running.payee.offer, () => running.ws)
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('joined')
    client.grant(500_000n)
    expect((await client.pay('/paid/echo', 'voucher')).status).to.equal(200)
    const { error } = await viewer.until('problem')
    expect(error.code).to.equal('second-tab')
    expect(running.payee.hub.sessions()).to.deep.equal([])
  })

  const stored = async (channelId: `0x${string}`) => {
    const record = await running.payee.store.load(channelId)
    if (record === undefined) throw new Error('the channel is not stored')
    return record
  }

  it('asks for payment in the words of the Payment scheme, with an id only this server can make', async () => {
    const response = await fetch(`${running.url}/paid/echo`)
    expect(response.status).to.equal(402)
    expect(response.headers.get('cache-control')).to.equal('no-store')
    expect(response.headers.get('content-type')).to.equal('application/problem+json')
    const challenge = challengeOf(response)
    expect(challenge).to.include({ method: 'sluice', intent: 'session', realm: `127.0.0.1:${running.port}` })
    const text = Buffer.from(challenge.request, 'base64url').toString()
    const request = requestOf(challenge)
    expect(request).to.deep.include({
      amount: '1000',
      currency: world.tokenAddress,
      recipient: world.payeeAddress,
      unitType: 'request',
    })
    expect(request['methodDetails']).to.deep.include({
      chainId: 31_337,
      contract: world.contract,
      escrowContract: world.contract,
      unit: 'request',
      per: '1',
    })
    // RFC 8785: fields sorted, no spaces.
    expect(text).to.equal(JSON.stringify(sorted(request)))
    const secret = Buffer.from((await running.payee.store.meta.get('challenge-secret')) ?? '', 'hex')
    const slots = [challenge.realm, 'sluice', 'session', challenge.request, challenge.expires, '', '']
    const id = createHmac('sha256', secret).update(slots.join('|')).digest('base64url')
    expect(challenge.id).to.equal(id)
    const problem = (await response.json()) as Record<string, unknown>
    expect(problem).to.include({
      type: 'https://paymentauth.org/problems/payment-required',
      status: 402,
      challengeId: challenge.id,
      retryable: true,
    })
    expect(problem['message']).to.match(/PLAIN a request/)
    expect(handled).to.equal(0)
  })

  it('leaves other routes alone', async () => {
    expect(await (await fetch(`${running.url}/free`)).text()).to.equal('free')
  })

  it('opens a channel, charges before it answers, and says so in a receipt', async () => {
    const { client, channelId } = await opened(price * 3n)
    const response = await client.pay('/paid/echo', 'open')
    expect(response.status).to.equal(200)
    expect(response.headers.get('cache-control')).to.equal('private')
    expect(receiptOf(response)).to.deep.include({
      method: 'sluice',
      intent: 'session',
      status: 'success',
      reference: channelId,
      channelId,
      chainId: 31_337,
      acceptedCumulative: '3000',
      spent: '1000',
      remaining: '2000',
    })
    expect(await stored(channelId)).to.include({ accepted: 3_000n, spent: 1_000n })
  })

  it('takes a voucher that was seen before only with a proof over the challenge', async () => {
    const { client, channelId } = await opened(price * 3n)
    await client.pay('/paid/echo', 'open')
    const challenge = await client.challenged('/paid/echo')
    const { proof, ...bare } = (await client.payload('voucher', challenge)) as { proof: string }
    const refused = await client.raw('/paid/echo', bare)
    expect(refused.status).to.equal(402)
    expect(((await refused.json()) as { type: string }).type).to.match(/session\/invalid-signature$/)
    expect((await client.raw('/paid/echo', { ...bare, proof })).status).to.equal(200)
    expect((await stored(channelId)).spent).to.equal(2_000n)
  })

  it('refuses what vouchers do not cover and charges nothing, naming what is needed', async () => {
    const { client, channelId } = await opened(price - 1n)
    const response = await client.pay('/paid/echo', 'open')
    expect(response.status).to.equal(402)
    const problem = (await response.json()) as Record<string, unknown>
    expect(problem).to.include({
      type: 'https://paymentauth.org/problems/session/insufficient-balance',
      requiredCumulative: '1000',
      acceptedCumulative: '999',
      deposit: deposit.toString(),
    })
    expect(response.headers.get('payment-receipt')).to.equal(null)
    expect(handled).to.equal(0)
    expect((await stored(channelId)).spent).to.equal(0n)
  })

  it('never spends an increment twice when requests come at once (I20)', async () => {
    const { client, channelId } = await opened(price * 5n)
    const answers = await Promise.all(Array.from({ length: 12 }, () => client.pay('/paid/echo', 'open')))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).to.deep.equal([...Array<number>(5).fill(200), ...Array<number>(7).fill(402)])
    expect(handled).to.equal(5)
    expect(await stored(channelId)).to.include({ accepted: 5_000n, spent: 5_000n })
  })

  it('answers the same idempotency key with the same answer and charges once (I19)', async () => {
    const { client, channelId } = await opened(price * 3n)
    const init = { method: 'POST', body: 'one', headers: { 'Idempotency-Key': 'k-1' } }
    const first = await client.pay('/paid/echo', 'open', init)
    const again = await client.pay('/paid/echo', 'voucher', init)
    expect(again.status).to.equal(200)
    expect(await again.text()).to.equal(await first.text())
    expect(again.headers.get('idempotency-replayed')).to.equal('true')
    expect(again.headers.get('payment-receipt')).to.equal(first.headers.get('payment-receipt'))
    expect(handled).to.equal(1)
    expect((await stored(channelId)).spent).to.equal(price)
  })

  it('keeps the answer across a restart (I19)', async () => {
    const { client, channelId } = await opened(price * 3n)
    const init = { method: 'POST', body: 'one', headers: { 'Idempotency-Key': 'k-1' } }
    const first = await (await client.pay('/paid/echo', 'open', init)).text()
    const { port } = running
    await running.stop()
    running = await world.start({}, routes, port)
    expect(await (await client.pay('/paid/echo', 'voucher', init)).text()).to.equal(first)
    expect((await stored(channelId)).spent).to.equal(price)
  })

  it('refuses a key that comes with another body (I19)', async () => {
    const { client, channelId } = await opened(price * 3n)
    const headers = { 'Idempotency-Key': 'k-1' }
    await client.pay('/paid/echo', 'open', { method: 'POST', body: 'one', headers })
    const changed = await client.pay('/paid/echo', 'voucher', { method: 'POST', body: 'two', headers })
    expect(changed.status).to.equal(422)
    expect(((await changed.json()) as { code: string }).code).to.equal('idempotency-conflict')
    expect((await stored(channelId)).spent).to.equal(price)
  })

  it('gives a key back when nothing was charged', async () => {
    const { client } = await opened(0n)
    const init = { method: 'POST', body: 'one', headers: { 'Idempotency-Key': 'k-1' } }
    expect((await client.pay('/paid/echo', 'open', init)).status).to.equal(402)
    client.grant(price)
    expect((await client.pay('/paid/echo', 'voucher', init)).status).to.equal(200)
  })

  it('does not charge again nor repeat the work when a former process may have done it (I19)', async () => {
    const { client, channelId } = await opened(price * 3n)
    await client.pay('/paid/echo', 'open', { method: 'HEAD' })
    const { port, payee } = running
    const { host } = new URL(running.url)
    const body = new TextEncoder().encode('one')
    // As the process leaves it that dies between charging and answering.
    const hash = await requestHash('POST', `http://${host}/paid/echo`, 'text/plain', body)
    await payee.store.idempotency.begin(`${channelId}:k-1`, hash)
    await running.stop()
    running = await world.start({}, routes, port)
    const headers = { 'Idempotency-Key': 'k-1', 'Content-Type': 'text/plain' }
    const init = { method: 'POST', body: 'one', headers }
    expect((await client.pay('/paid/echo', 'voucher', init)).status).to.equal(409)
    expect((await client.pay('/paid/echo', 'voucher', init)).status).to.equal(409)
    expect(handled).to.equal(0)
    expect((await stored(channelId)).spent).to.equal(0n)
  })

  it('puts no receipt on an error, and says that the handler failed', async () => {
    const { client } = await opened(price * 3n)
    const response = await client.pay('/paid/broken', 'open')
    expect(response.status).to.equal(500)
    expect(response.headers.get('payment-receipt')).to.equal(null)
  })

  it('takes a voucher by HEAD without delivering anything', async () => {
    const { client, channelId } = await opened(price * 3n)
    const response = await client.pay('/paid/echo', 'open', { method: 'HEAD' })
    expect(response.status).to.equal(204)
    expect(receiptOf(response)).to.include({ acceptedCumulative: '3000', spent: '0' })
    expect(handled).to.equal(0)
    expect((await stored(channelId)).spent).to.equal(0n)
  })

  it('closes at what was spent, and the chain pays exactly that', async () => {
    const { client, channelId, channel } = await opened(price * 5n)
    await client.pay('/paid/echo', 'open')
    await client.pay('/paid/echo')
    const payerBefore = await world.balance(channel.payer)
    const payeeBefore = await world.balance(world.payeeAddress)
    const confirmed = new Promise((resolve) => running.payee.on('settled', resolve))
    const response = await client.pay('/paid/echo', 'close')
    expect(response.status).to.equal(200)
    const body = (await response.json()) as { capturedAmount: string; transaction: string }
    expect(body.capturedAmount).to.equal('2000')
    expect(receiptOf(response)).to.deep.include({ final: true, settlementRef: body.transaction })
    const meanwhile = await client.pay('/paid/echo')
    expect(meanwhile.status, 'agreed, and perhaps not on the chain yet').to.equal(410)
    await confirmed
    expect(await world.balance(world.payeeAddress)).to.equal(payeeBefore + 2_000n)
    expect(await world.balance(channel.payer)).to.equal(payerBefore + deposit - 2_000n)
    expect((await world.stateOf(channelId)).closed).to.equal(true)
    const after = await client.pay('/paid/echo')
    expect(after.status).to.equal(410)
    expect(((await after.json()) as { type: string }).type).to.match(/session\/channel-finalized$/)
  })

  it('looks at the chain again when the payer topped up', async () => {
    const { client, channel, channelId } = await opened(deposit)
    await client.pay('/paid/echo', 'open')
    await world.channels.deposit(channel, 500n)
    const challenge = await client.challenged('/paid/echo')
    const proof = await client.proofOf(challenge)
    const response = await client.raw('/paid/echo', { action: 'topUp', channelId, proof })
    expect(response.status).to.equal(204)
    client.grant(deposit + 500n)
    expect((await client.pay('/paid/echo')).status).to.equal(200)
    expect((await stored(channelId)).accepted).to.equal(deposit + 500n)
  })
})

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]))
}

async function requestHash(method: string, url: string, type: string, body: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`${method}\n${url}\n${type}\n`)
  const digest = await crypto.subtle.digest('SHA-256', Buffer.concat([head, body]))
  return Buffer.from(digest).toString('hex')
}
