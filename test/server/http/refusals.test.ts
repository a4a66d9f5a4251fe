import { expect } from 'chai'
import { Hono } from 'hono'
import type { Payee } from '@sluice/server'
import { createWorld, deposit, type Running, type World } from '../payee/world.js'
import { challengeOf, createClient, credential, type SeenChallenge } from './payment.js'

type Client = ReturnType<typeof createClient>

describe('a priced route refuses', () => {
  let world: World
  let running: Running
  let handled = 0

  const routes = (payee: Payee): Hono => {
    const app = new Hono()
    app.use('/paid', payee.middleware({ price: { amount: 100n, unit: 'request', per: 1n } }))
    app.all('/paid', (c) => {
      handled += 1
      return c.text('paid')
    })
    app.use('/other', payee.middleware({ price: { amount: 7n, unit: 'request', per: 1n } }))
    app.all('/other', (c) => c.text('other'))
    return app
  }

  before(async () => {
    world = await createWorld()
  })
  beforeEach(async () => {
    handled = 0
    running = await world.start({ limits: { requestsPerSecond: 40, bodyBytes: 1_000 } }, routes)
  })
  afterEach(() => world.reset())
  after(() => world.end())

  async function client(granted = 1_000n, opened?: Awaited<ReturnType<World['open']>>) {
    const channel = opened ?? (await world.open(running.payee.offer))
    const made = createClient(running.url, channel)
    const challenge = await made.challenged('/paid')
    made.grant(granted)
    return { client: made, challenge, ...channel }
  }

  /** Every refusal comes with a problem and, when paying may help, a fresh challenge. */
  async function expectRefusal(
    response: Response,
    status: number,
    type: string,
  ): Promise<Record<string, unknown>> {
    const problem = (await response.json()) as Record<string, unknown>
    expect(problem['type'], JSON.stringify(problem)).to.equal(
      type.includes(':') ? type : `https://paymentauth.org/problems/${type}`,
    )
    expect(response.status).to.equal(status)
    expect(response.headers.get('content-type')).to.equal('application/problem+json')
    expect(problem).to.include.keys('code', 'message', 'action', 'retryable')
    expect(response.headers.get('payment-receipt')).to.equal(null)
    if (status === 402) expect(challengeOf(response).id).to.equal(problem['challengeId'])
    expect(handled).to.equal(0)
    return problem
  }

  const bad: readonly [string, string][] = [
    ['no base64url', 'Payment ?!'],
    ['padding', 'Payment e30='],
    ['no JSON', `Payment ${Buffer.from('not json').toString('base64url')}`],
    ['no object', `Payment ${Buffer.from('[1]').toString('base64url')}`],
    ['no payload', `Payment ${Buffer.from('{}').toString('base64url')}`],
    ['17,000 characters', `Payment ${'A'.repeat(17_000)}`],
  ]
  for (const [what, authorization] of bad) {
    it(`a credential with ${what}`, async () => {
      const response = await fetch(`${running.url}/paid`, { headers: { Authorization: authorization } })
      await expectRefusal(response, 402, 'malformed-credential')
    })
  }

  const changes: readonly [string, (payload: Record<string, unknown>) => object][] = [
    ['an unknown action', (payload) => ({ ...payload, action: 'steal' })],
    ['a fractional amount', (payload) => ({ ...payload, cumulativeAmount: '1.5' })],
    ['a negative amount', (payload) => ({ ...payload, cumulativeAmount: '-1' })],
    ['an amount of 2^96', (payload) => ({ ...payload, cumulativeAmount: (2n ** 96n).toString() })],
    ['a number for an amount', (payload) => ({ ...payload, cumulativeAmount: 1 })],
    ['a short channel id', (payload) => ({ ...payload, channelId: '0x12' })],
    ['a signature that is no hex', (payload) => ({ ...payload, signature: '0xzz' })],
  ]
  for (const [what, change] of changes) {
    it(`a payload with ${what}`, async () => {
      const { client: payer, challenge } = await client()
      const payload = (await payer.payload('voucher', challenge)) as Record<string, unknown>
      await expectRefusal(await payer.raw('/paid', change(payload)), 402, 'malformed-credential')
    })
  }

  it('a challenge that this server did not make', async () => {
    const { client: payer, challenge } = await client()
    const payload = await payer.payload('open', challenge)
    const forged: SeenChallenge = { ...challenge, expires: '2099-01-01T00:00:00.000Z' }
    await expectRefusal(await payer.raw('/paid', payload, {}, forged), 402, 'invalid-challenge')
  })

  it('a challenge of a cheaper route', async () => {
    const { client: payer } = await client()
    const cheaper = await payer.challenged('/other')
    const payload = await payer.payload('open', cheaper)
    await expectRefusal(await payer.raw('/paid', payload, {}, cheaper), 402, 'invalid-challenge')
  })

  it('an expired challenge, and the same voucher is good with a fresh one', async () => {
    let nowMs = Date.now()
    await running.stop()
    const clock = { now: () => nowMs, schedule: (ms: number, action: () => void) => cancelable(ms, action) }
    running = await world.start({ clock }, routes)
    const { client: payer, challenge } = await client()
    nowMs += 300_001
    const payload = await payer.payload('open', challenge)
    const response = await payer.raw('/paid', payload)
    await expectRefusal(response, 402, 'payment-expired')
    await payer.challenged('/paid')
    expect((await payer.pay('/paid', 'open')).status).to.equal(200)
  })

  it('a channel it does not know', async () => {
    const { client: payer } = await client()
    await expectRefusal(await payer.pay('/paid'), 410, 'session/channel-not-found')
  })

  it('a channel without a deposit, and takes it once there is one', async () => {
    const opened = await world.open(running.payee.offer, {}, 0n)
    const { client: payer } = await client(1_000n, opened)
    const problem = await expectRefusal(await payer.pay('/paid', 'open'), 402, 'verification-failed')
    expect(problem).to.include({ code: 'channel-not-open', action: 'wait', retryable: true })
    await world.channels.deposit(opened.channel, deposit)
    expect((await payer.pay('/paid', 'open')).status).to.equal(200)
  })

  it('a channel in another token', async () => {
    const other = await world.otherToken()
    const opened = await world.open(running.payee.offer, { token: other }, 0n)
    const { client: payer } = await client(1_000n, opened)
    const problem = await expectRefusal(await payer.pay('/paid', 'open'), 402, 'verification-failed')
    expect(problem['code']).to.equal('wrong-token')
  })

  it('a channel to another payee', async () => {
    const opened = await world.open(running.payee.offer, { payee: `0x${'77'.repeat(20)}` })
    const { client: payer } = await client(1_000n, opened)
    const problem = await expectRefusal(await payer.pay('/paid', 'open'), 402, 'verification-failed')
    expect(problem['code']).to.equal('terms-refused')
  })

  it('a channel whose grace is too short', async () => {
    const opened = await world.open(running.payee.offer, { grace: 900 })
    const { client: payer } = await client(1_000n, opened)
    await expectRefusal(await payer.pay('/paid', 'open'), 402, 'verification-failed')
  })

  it('a channel opened by somebody who holds no key of it', async () => {
    const opened = await world.open(running.payee.offer)
    const thief = await world.open(running.payee.offer)
    const { client: payer } = await client(1_000n, { ...opened, signer: thief.signer })
    await expectRefusal(await payer.pay('/paid', 'open'), 402, 'session/invalid-signature')
  })

  it('a voucher above the deposit', async () => {
    const { client: payer } = await client(deposit + 1n)
    const problem = await expectRefusal(
      await payer.pay('/paid', 'open'),
      402,
      'session/amount-exceeds-deposit',
    )
    expect(problem['action']).to.equal('top-up')
  })

  it('a voucher of another channel', async () => {
    const { client: payer, challenge, channelId } = await client()
    await payer.pay('/paid', 'open', { method: 'HEAD' })
    const stranger = await client(5_000n)
    const theirs = (await stranger.client.payload('voucher', challenge)) as Record<string, unknown>
    const response = await payer.raw('/paid', { ...theirs, channelId })
    await expectRefusal(response, 402, 'session/invalid-signature')
  })

  it('a stranger who replays a voucher that is public since it was claimed', async () => {
    const { client: payer, channelId } = await client()
    await payer.pay('/paid', 'open', { method: 'HEAD' })
    const record = await running.payee.store.load(channelId)
    const thief = await client()
    const replayed = {
      action: 'voucher',
      channelId,
      cumulativeAmount: '1000',
      signature: record?.signature,
      proof: ((await thief.client.payload('voucher', thief.challenge)) as { proof: string }).proof,
    }
    await expectRefusal(await thief.client.raw('/paid', replayed), 402, 'session/invalid-signature')
    expect((await running.payee.store.load(channelId))?.spent).to.equal(0n)
  })

  it('vouchers once the payer asked the chain to close', async () => {
    const { client: payer, channel } = await client()
    await payer.pay('/paid', 'open', { method: 'HEAD' })
    await world.channels.requestClose(channel)
    await running.payee.watcher.poll()
    payer.grant(2_000n)
    await expectRefusal(await payer.pay('/paid'), 410, 'session/channel-finalized')
  })

  it('a body above the limit, with and without a length', async () => {
    const body = 'x'.repeat(1_001)
    const long = await fetch(`${running.url}/paid`, { method: 'POST', body })
    expect(long.status).to.equal(413)
    const { client: payer } = await client()
    const stream = new Blob([body]).stream()
    const chunked = { method: 'POST', body: stream, duplex: 'half', headers: { 'Idempotency-Key': 'k' } }
    const response = await payer.pay('/paid', 'open', chunked)
    await expectRefusal(response, 413, 'about:blank')
  })

  it('an idempotency key that is none', async () => {
    const { client: payer } = await client()
    const response = await payer.pay('/paid', 'open', { headers: { 'Idempotency-Key': 'two words' } })
    await expectRefusal(response, 400, 'bad-request')
  })

  it('more payments than one address may try in a second', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        fetch(`${running.url}/paid`, { headers: { Authorization: credential({}, {}) } }),
      ),
    )
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].sort()).to.deep.equal([402, 429])
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).to.equal('1')
  })

  it('while the chain cannot be reached, saying that nothing was charged', async () => {
    const { client: payer } = await client()
    world.intercept(({ method }) => {
      throw new Error(`unreachable: ${method}`)
    })
    const problem = await expectRefusal(await payer.pay('/paid', 'open'), 503, 'internal-payment-error')
    expect(problem['message']).to.match(/Nothing was charged/)
  })

  it('neither a credential beside another scheme nor one in other case', async () => {
    const { client: payer, challenge } = await client()
    const text = credential(challenge, await payer.payload('open', challenge))
    const both = `Bearer abc, ${text.replace('Payment', 'payment')}`
    const response = await fetch(`${running.url}/paid`, { headers: { Authorization: both } })
    expect(response.status).to.equal(200)
  })

  it('no method: POST and PUT are paid alike', async () => {
    const { client: payer }: { client: Client } = await client()
    for (const method of ['POST', 'PUT']) {
      const response = await payer.pay('/paid', 'open', { method, body: 'x' })
      expect(response.status, method).to.equal(200)
    }
  })
})

function cancelable(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms)
  return () => clearTimeout(timer)
}
