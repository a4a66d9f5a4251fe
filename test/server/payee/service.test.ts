import { expect } from 'chai'
import { decodeMessage } from '@sluice/sdk/session'
import { createLogger, createPayee, createStandalone } from '@sluice/server'
import { privateKeyToAccount, generatePrivateKey } from 'viem/accounts'
import { base } from 'viem/chains'
import { connectRaw } from '../ws/connection.js'
import { createWorld, next, type World } from './world.js'

describe("a payee's own routes", () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  afterEach(() => world.reset())
  after(() => world.end())

  it('publish the offer as one frame of the protocol, to pages of any origin', async () => {
    const { url, payee } = await world.start()
    const response = await fetch(`${url}/.well-known/sluice`)
    expect(response.headers.get('access-control-allow-origin')).to.equal('*')
    const text = await response.text()
    const offer = decodeMessage(text)
    expect(offer).to.deep.equal({ type: 'offer', ...payee.offer, challenge: `0x${'00'.repeat(32)}` })
    expect(JSON.parse(text)).to.include({ session: '/sluice' })
    expect(payee.offer).to.include({ symbol: 'PLAIN', decimals: 18, title: 'A test card' })
  })

  it('publish the offer in front of a server that knows nothing of payees, and leave the rest to it', async () => {
    const { payee, server, url } = await world.start({}, (made) => made.app)
    const detach = payee.attach(server, { path: '/other/sluice' })
    expect(await (await fetch(`${url}/.well-known/sluice`)).json()).to.include({ session: '/other/sluice' })
    const connection = await connectRaw(url.replace('http', 'ws') + '/other/sluice')
    expect(await connection.frame('offer')).to.include({ payee: world.payeeAddress })
    connection.socket.terminate()
    detach()
    expect(await (await fetch(`${url}/.well-known/sluice`)).json()).to.include({ session: '/sluice' })
    expect((await fetch(`${url}/healthz`)).status).to.equal(200)
    expect((await fetch(`${url}/.well-known/sluice`, { method: 'DELETE' })).status).to.equal(405)
  })

  it('describe themselves in OpenAPI', async () => {
    const { url } = await world.start()
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string
      paths: Record<string, unknown>
    }
    expect(document.openapi).to.equal('3.1.0')
    expect(Object.keys(document.paths)).to.have.members([
      '/.well-known/sluice',
      '/openapi.json',
      '/healthz',
      '/metrics',
      '/sluice',
    ])
    for (const path of ['/.well-known/sluice', '/openapi.json', '/healthz', '/metrics']) {
      expect((await fetch(url + path)).status, path).to.equal(200)
    }
  })

  it('answer what is not there with a problem', async () => {
    const { url } = await world.start()
    const response = await fetch(`${url}/nothing`)
    expect(response.status).to.equal(404)
    expect(response.headers.get('content-type')).to.equal('application/problem+json')
    expect(await response.json()).to.include({ status: 404, details: 'GET /nothing', retryable: false })
  })

  it('say that everything works, and which part does not when the chain is gone', async () => {
    let nowMs = Date.now()
    const clock = {
      now: () => nowMs,
      schedule: (ms: number, action: () => void) => {
        const timer = setTimeout(action, ms)
        return () => clearTimeout(timer)
      },
    }
    const { url } = await world.start({ clock })
    const well = await fetch(`${url}/healthz`)
    expect(well.status).to.equal(200)
    expect(await well.json()).to.deep.include({ ok: true, store: { ok: true } })
    world.intercept(({ method }) => {
      throw new Error(`no route to ${method}`)
    })
    nowMs += 60_000
    const ill = await fetch(`${url}/healthz`)
    expect(ill.status).to.equal(503)
    const report = (await ill.json()) as Record<string, { ok: boolean; problem?: string }>
    expect(report).to.deep.include({ ok: false, store: { ok: true } })
    expect(report['rpc']?.ok).to.equal(false)
    expect(report['rpc']?.problem).to.match(/no route to/)
    expect(report['watcher']?.ok).to.equal(false)
  })

  it('say that the store does not take writes any more', async () => {
    const { url, payee } = await world.start()
    await payee.store.close()
    const response = await fetch(`${url}/healthz`)
    expect(response.status).to.equal(503)
    expect(await response.json()).to.have.nested.property('store.ok', false)
  })

  it('count what happens', async () => {
    const { url, payee, ws } = await world.start()
    const opened = await world.open(payee.offer)
    const viewer = world.viewer(opened, payee.offer, () => ws)
    const accepted = next(payee, 'accepted')
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await accepted
    const raw = await connectRaw(ws)
    raw.send('garbage')
    await raw.frame('error')
    await viewer.until('meter', ({ meter }) => meter.acknowledged > 0n)
    const text = await (await fetch(`${url}/metrics`)).text()
    raw.socket.terminate()
    expect(text).to.match(/^sluice_vouchers_accepted_total 1$/m)
    expect(text).to.match(/^sluice_refused_total\{code="malformed-message"\} 1$/m)
    expect(text).to.match(/^sluice_ack_seconds_count 1$/m)
    expect(text).to.match(/^sluice_sessions 1$/m)
    expect(text).to.match(/^sluice_connections 2$/m)
    expect(text).to.match(/^sluice_unsettled_base_units 10000$/m)
    expect(text).to.match(/^sluice_store_ok 1$/m)
    expect(text).to.match(/^sluice_event_loop_delay_seconds [0-9.e-]+$/m)
    expect(payee.status()).to.include({ sessions: 1, accepted: 1, closing: false })
  })

  it('count settlement that is interrupted, by what was interrupted', async () => {
    const { url, payee, ws } = await world.start({ settlement: false })
    const viewer = world.viewer(await world.open(payee.offer), payee.offer, () => ws)
    const accepted = next(payee, 'accepted')
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await accepted
    // Only what is tried for the operator's account names a sender.
    world.intercept(({ method, params }) => {
      const isTried = method === 'eth_call' && JSON.stringify(params).includes('"from"')
      return isTried ? Promise.reject(new Error('timed out')) : undefined
    })
    expect((await payee.settler.settle()).failed).to.have.length(1)
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).to.match(/^sluice_settlement_interruptions_total\{work="claim"\} 1$/m)
  })
})

describe('a payee refuses to start', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })
  after(() => world.end())

  /** Starts with one thing wrong and says with which error that ended. */
  async function failure(changes: Parameters<World['options']>[0]) {
    try {
      const payee = await createPayee(world.options(changes))
      await payee.close()
    } catch (error) {
      return error
    }
    throw new Error('the payee started')
  }
  const other = privateKeyToAccount(generatePrivateKey())

  const wrong: readonly [string, Parameters<World['options']>[0], string, RegExp][] = [
    ['on another chain', { chain: base }, 'wrong-chain', /chain 31337, expected 8453/],
    ['without a contract', { contract: other.address }, 'invalid-argument', /no code at/],
    ['with a token that is none', { token: other.address }, 'wrong-token', /decimals\(\) and symbol\(\)/],
    ['with an address that is none', { token: '0x12' }, 'invalid-argument', /token: 0x12/],
    ['with a price that is none', { price: '2 dollars' }, 'invalid-argument', /expected an amount, a slash/],
    [
      'with a price finer than the token',
      { price: `0.${'0'.repeat(18)}1/s` },
      'invalid-argument',
      /at most 18/,
    ],
    ["with a key that is not the account's", { account: other }, 'invalid-argument', /key of 0x/],
    ['with a grace period of a minute', { grace: 60 }, 'invalid-argument', /60 seconds/],
    ['with half a confirmation', { confirmations: 0.5 }, 'invalid-argument', /0.5/],
    [
      'with a negative limit',
      { limits: { connections: -1 } },
      'invalid-argument',
      /limits.connections is -1/,
    ],
    ['with a realm that breaks challenges', { realm: 'a|b' }, 'invalid-argument', /realm/],
    ['with a store it cannot open', { store: '/nowhere/at/all.db' }, 'store-failed', /nowhere/],
  ]
  for (const [what, changes, code, details] of wrong) {
    it(`${what}, saying so`, async () => {
      const error = await failure(changes)
      expect(error).to.include({ name: 'SluiceError', code })
      expect((error as { details: string }).details).to.match(details)
    })
  }

  it('on a contract that is not the genuine one', async () => {
    const error = await failure({ contract: world.tokenAddress })
    expect(error).to.include({ code: 'invalid-argument' })
    expect((error as Error).message).to.match(/is not StreamChannels/)
  })

  it('when no node answers', async () => {
    const { transport: _, ...options } = world.options()
    const start = createPayee({ ...options, rpc: 'http://127.0.0.1:1' })
    const error: unknown = await start.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.include({ code: 'rpc-unreachable', retryable: true })
  })

  it('on a store of another contract, and leaves the store free', async () => {
    const path = world.file('theirs.db')
    const first = await createPayee(world.options({ store: path }))
    await first.store.meta.set('deployment', '1:0x00')
    await first.close()
    const error = await failure({ store: path })
    expect(error).to.include({ code: 'invalid-argument' })
    const again = await failure({ store: path })
    expect((again as { code: string }).code).to.equal('invalid-argument')
  })

  it('with a key that may not end channels there is money on, naming the one that may', async () => {
    const store = world.file('rotated.db')
    const running = await world.start({ store })
    const opened = await world.open(running.payee.offer)
    const viewer = world.viewer(opened, running.payee.offer, () => running.ws)
    const accepted = next(running.payee, 'accepted')
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await accepted
    viewer.session.leave()
    await running.stop()

    const privateKey = generatePrivateKey()
    const account = privateKeyToAccount(privateKey)
    const error = await failure({ store, account, privateKey })
    expect(error).to.include({ name: 'SluiceError', code: 'invalid-argument' })
    const owner = world.operator.address.toLowerCase()
    expect((error as Error).message)
      .to.contain('1 channels')
      .and.to.contain(owner)
    expect((error as { details: string }).details)
      .to.contain(account.address.toLowerCase())
      .and.to.contain(opened.channelId)
    const again = await createPayee(world.options({ store }))
    await again.close()
  })

  it('a second time on the same store', async () => {
    const path = world.file('busy.db')
    const first = await createPayee(world.options({ store: path }))
    expect(await failure({ store: path })).to.include({ code: 'store-failed' })
    await first.close()
  })

  it('on a port that is taken', async () => {
    const payee = await createPayee(world.options({ store: world.file('port.db') }))
    const first = await createStandalone(payee, { port: 0 })
    const port = Number(new URL(first.url).port)
    const error: unknown = await createStandalone(payee, { port }).catch((reason: unknown) => reason)
    expect(error).to.include({ code: 'invalid-argument' })
    await first.close()
  })
})

describe('what a payee logs', () => {
  it('holds no key, no credential, no whole signature and no path of a node', () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } })
    const signature = `0x${'ab'.repeat(64)}`
    const secret = `0x${'cd'.repeat(32)}`
    const credential = `Payment ${'QUJD'.repeat(20)}`
    const cause = new Error(`request to https://user:pass@rpc.example/v2/SECRETKEY failed: ${credential}`)
    logger.info({
      privateKey: secret,
      amount: 12n,
      deep: { headers: { authorization: credential }, list: [{ signature, mnemonic: 'test test' }] },
      err: new Error('outer', { cause }),
    })
    logger.warn('asked https://rpc.example/v2/SECRETKEY twice')
    const text = lines.join('')
    expect(text).not.to.contain('cdcdcd')
    expect(text).not.to.contain('QUJDQUJD')
    expect(text).not.to.contain('SECRETKEY')
    expect(text).not.to.contain('test test')
    expect(text).not.to.contain(signature)
    expect(text).to.contain('"signature":"0xababababab…"')
    expect(text).to.contain('"amount":"12"')
    expect(text).to.contain('https://rpc.example/…')
    expect(text).to.contain('"level":"info"')
  })
})
