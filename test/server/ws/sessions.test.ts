import { expect } from 'chai'
import { WebSocket } from 'ws'
import { createWorld, deposit, next, type OpenChannel, type Running, type World } from '../payee/world.js'
import { connectRaw, refusedStatus, type RawConnection } from './connection.js'

describe('a WebSocket session', () => {
  let world: World
  let running: Running
  const opened: RawConnection[] = []

  before(async () => {
    world = await createWorld()
  })
  beforeEach(async () => {
    running = await world.start()
  })
  afterEach(async () => {
    for (const { socket } of opened.splice(0)) socket.terminate()
    await world.reset()
  })
  after(() => world.end())

  async function connect(): Promise<RawConnection> {
    const connection = await connectRaw(running.ws)
    opened.push(connection)
    return connection
  }

  /** A raw connection that speaks for a channel. */
  async function join(channel?: OpenChannel) {
    const use = channel ?? (await world.open(running.payee.offer))
    const connection = await connect()
    const { challenge } = await connection.frame('offer')
    const signature = await use.signer.signSession(use.channelId, challenge as `0x${string}`)
    const terms = { ...use.channel, rate: String(use.channel.rate), burst: String(use.channel.burst) }
    connection.send({ type: 'open', channel: terms, signature })
    await connection.frame('snapshot')
    const pay = async (cumulative: bigint) => {
      const voucher = await use.signer.signVoucher(use.channelId, cumulative)
      connection.send({
        type: 'voucher',
        channelId: use.channelId,
        cumulative: String(cumulative),
        signature: voucher,
      })
    }
    return { ...use, connection, pay }
  }

  it('greets with the offer and a challenge of its own', async () => {
    const first = await (await connect()).frame('offer')
    const second = await (await connect()).frame('offer')
    expect(first).to.include({ v: 1, payee: world.payeeAddress, price: '10', unit: 'byte' })
    expect(first['challenge'])
      .to.match(/^0x[0-9a-f]{64}$/)
      .and.not.equal(second['challenge'])
  })

  const badFrames: readonly [string, string | object, string][] = [
    ['garbage', 'garbage', 'malformed-message'],
    ['an empty frame', '', 'malformed-message'],
    ['JSON that is no object', '[]', 'malformed-message'],
    ['an unknown version', '{"v":2,"type":"close"}', 'unsupported-version'],
    ['no version', '{"type":"close"}', 'unsupported-version'],
    ['an unknown type', { type: 'steal' }, 'malformed-message'],
    ['a type of the object prototype', { type: 'constructor' }, 'malformed-message'],
    ['a voucher before open', voucherOf('1'), 'unknown-channel'],
    ['an amount that is a number', { ...voucherOf('1'), cumulative: 1 }, 'malformed-message'],
    ['an amount of 2^96', voucherOf((2n ** 96n).toString()), 'malformed-message'],
    ['an offer', { type: 'ack', accepted: '1', spent: '1', units: '1' }, 'unexpected-message'],
    ['a resume of a channel nobody knows', resumeOf(), 'unknown-channel'],
  ]
  for (const [what, frame, code] of badFrames) {
    it(`answers ${what} with a clear error and stays`, async () => {
      const connection = await connect()
      connection.send(frame)
      const error = await connection.frame('error')
      expect(error).to.include({ code })
      expect(error['message']).to.be.a('string').and.not.equal('')
      connection.send({ type: 'ping', id: 7, reply: false })
      expect(await connection.frame('ping')).to.include({ id: 7, reply: true })
    })
  }

  it('answers a frame of 1 MB with a clear error, ends, and loses nothing', async () => {
    const { connection, pay, channelId } = await join()
    await pay(5_000n)
    await connection.frame('ack')
    connection.send('x'.repeat(1_048_576))
    expect(await connection.frame('error')).to.include({ code: 'message-too-large', retryable: false })
    expect((await connection.closed).code).to.equal(1009)
    expect(await running.payee.store.load(channelId)).to.include({ accepted: 5_000n })
  })

  it('answers a binary frame with a clear error and ends', async () => {
    const connection = await connect()
    connection.send(Buffer.from([1, 2, 3]))
    expect(await connection.frame('error')).to.include({ code: 'malformed-message' })
    expect((await connection.closed).code).to.equal(1003)
  })

  it('answers text that is no UTF-8 with a clear error and ends', async () => {
    const connection = await connect()
    connection.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect(await connection.frame('error')).to.include({ code: 'malformed-message' })
    expect((await connection.closed).code).to.equal(1007)
  })

  it('ends a connection that goes on sending garbage', async () => {
    const connection = await connect()
    for (let count = 0; count < 10; count += 1) connection.send('garbage')
    expect((await connection.closed).reason).to.equal('too many refused frames')
  })

  it('ends a connection that floods it with frames', async () => {
    const connection = await connect()
    for (let count = 0; count < 100; count += 1) connection.send({ type: 'ping', id: count, reply: false })
    expect(await connection.frame('error')).to.include({ code: 'rate-limited', retryable: true })
    await connection.closed
  })

  it('keeps one connection to one channel', async () => {
    const { connection } = await join()
    const other = await world.open(running.payee.offer)
    const terms = { ...other.channel, rate: '0', burst: '0' }
    connection.send({ type: 'open', channel: terms, signature: `0x${'11'.repeat(64)}` })
    expect(await connection.frame('error')).to.include({ code: 'unexpected-message' })
  })

  const refusedVouchers: readonly [string, bigint, string][] = [
    ['above the deposit', deposit + 1n, 'amount-exceeds-deposit'],
    ['signed for another amount', 777n, 'invalid-signature'],
  ]
  for (const [what, amount, code] of refusedVouchers) {
    it(`refuses a voucher ${what} and keeps what it has`, async () => {
      const { connection, pay, channelId, signer } = await join()
      await pay(500n)
      await connection.frame('ack')
      const signature = await signer.signVoucher(channelId, amount === 777n ? 778n : amount)
      connection.send({ type: 'voucher', channelId, cumulative: String(amount), signature })
      expect(await connection.frame('error')).to.include({ code })
      expect(await running.payee.store.load(channelId)).to.include({ accepted: 500n })
    })
  }

  it('refuses a voucher for another channel', async () => {
    const { connection } = await join()
    const other = await world.open(running.payee.offer)
    const signature = await other.signer.signVoucher(other.channelId, 10n)
    connection.send({ type: 'voucher', channelId: other.channelId, cumulative: '10', signature })
    expect(await connection.frame('error')).to.include({ code: 'foreign-voucher' })
  })

  it('refuses a channel on the wrong token, naming both', async () => {
    const connection = await connect()
    const channel = await world.open(running.payee.offer, { token: await world.otherToken() }, 0n)
    const terms = { ...channel.channel, rate: '0', burst: '0' }
    connection.send({ type: 'open', channel: terms, signature: `0x${'11'.repeat(64)}` })
    const error = await connection.frame('error')
    expect(error).to.include({ code: 'wrong-token' })
    expect(error['message']).to.contain(channel.channel.token).and.contain(world.tokenAddress)
  })

  it('says what to wait for when the deposit is not on the chain, and admits it later', async () => {
    const connection = await connect()
    const { challenge } = await connection.frame('offer')
    const channel = await world.open(running.payee.offer, {}, 0n)
    const signature = await channel.signer.signSession(channel.channelId, challenge as `0x${string}`)
    const terms = { ...channel.channel, rate: '0', burst: '0' }
    connection.send({ type: 'open', channel: terms, signature })
    expect(await connection.frame('error')).to.include({ code: 'channel-not-open', retryable: true })
    await world.channels.deposit(channel.channel, deposit)
    connection.send({ type: 'open', channel: terms, signature })
    expect(await connection.frame('snapshot')).to.include({ deposited: String(deposit) })
  })

  it('refuses a proof that was made for another connection', async () => {
    const channel = await world.open(running.payee.offer)
    const first = await connect()
    const { challenge } = await first.frame('offer')
    const signature = await channel.signer.signSession(channel.channelId, challenge as `0x${string}`)
    const second = await connect()
    const terms = { ...channel.channel, rate: '0', burst: '0' }
    second.send({ type: 'open', channel: terms, signature })
    expect(await second.frame('error')).to.include({ code: 'invalid-signature' })
    expect(running.payee.status().sessions).to.equal(0)
  })

  it('lets the newest connection of a channel win and tells the other', async () => {
    const first = await join()
    const second = await join(first)
    expect(await first.connection.frame('error')).to.include({ code: 'second-tab' })
    expect((await first.connection.closed).reason).to.equal('displaced')
    await second.pay(100n)
    expect(await second.connection.frame('ack')).to.include({ accepted: '100' })
  })

  it('acknowledges after the disk has it: what is acknowledged survives a new process (I16)', async () => {
    const { connection, pay, channelId } = await join()
    for (let amount = 100n; amount <= 1_000n; amount += 100n) {
      await pay(amount)
      await connection.frame('ack')
    }
    await running.stop()
    running = await world.start()
    expect(await running.payee.store.load(channelId)).to.include({ accepted: 1_000n })
  })

  it('takes no more of one address than its limits allow', async () => {
    await running.stop()
    running = await world.start({ limits: { connectionsPerAddress: 2 } })
    const first = await connect()
    await connect()
    expect(await refusedStatus(running.ws)).to.equal(429)
    first.socket.terminate()
    await first.closed
    await until(() => running.payee.status().connections === 1)
    await connect()
  })

  it('takes only so many new connections of an address in a minute', async () => {
    await running.stop()
    running = await world.start({ limits: { connectsPerMinute: 2 } })
    await connect()
    await connect()
    expect(await refusedStatus(running.ws)).to.equal(429)
  })

  it('takes only pages of allowed origins, and clients that are no pages', async () => {
    await running.stop()
    running = await world.start({ origins: ['https://live.example'] })
    expect(await refusedStatus(running.ws, { origin: 'https://evil.example' })).to.equal(403)
    opened.push(await connectRaw(running.ws, { origin: 'https://live.example' }))
    await connect()
    expect(running.payee.status().connections).to.equal(2)
  })

  it('refuses other paths, and a request that is no WebSocket', async () => {
    expect(await refusedStatus(`${running.ws}/other`)).to.equal(404)
    expect((await fetch(`${running.url}/sluice`)).status).to.equal(404)
  })

  it('ends connections that answer no ping', async () => {
    await running.stop()
    running = await world.start({ limits: { heartbeatMs: 100 } })
    const connection = new WebSocket(running.ws, { autoPong: false })
    await new Promise((resolve) => connection.once('open', resolve))
    const alive = await connect()
    await new Promise((resolve) => connection.once('close', resolve))
    expect(alive.socket.readyState).to.equal(WebSocket.OPEN)
    expect(await metric(running, 'sluice_connections_ended_total{reason="dead"}')).to.equal(1)
  })

  it('pauses data for a client that does not read, and goes on when it does', async () => {
    await running.stop()
    running = await world.start({ limits: { slowBytes: 100_000, endBytes: 50_000_000 }, window: 100_000 })
    let made = 0
    const payload = 'x'.repeat(20_000)
    running.payee.feed(async function* () {
      for (;;) {
        made += 1
        yield await Promise.resolve({ units: 1n, payload })
      }
    })
    const { connection, pay } = await join()
    connection.socket.pause()
    await pay(500_000n)
    const { hub } = running.payee
    await until(() => (hub.sessions()[0]?.bufferedBytes() ?? 0) > 100_000)
    const before = made
    await until(() => made > before, 20)
    expect(made).to.be.at.most(before + 1)
    connection.socket.resume()
    await until(() => made > before + 20)
  })

  it('ends a client that lets too much pile up', async () => {
    await running.stop()
    running = await world.start({ limits: { slowBytes: 90_000_000, endBytes: 1_000_000 }, window: 100_000 })
    const payload = 'x'.repeat(200_000)
    running.payee.feed(async function* () {
      for (;;) yield await Promise.resolve({ units: 1n, payload })
    })
    const { connection, pay } = await join()
    const left = next(running.payee, 'left')
    connection.socket.pause()
    await pay(500_000n)
    await left
    expect(await metric(running, 'sluice_connections_ended_total{reason="slow"}')).to.equal(1)
  })
})

function voucherOf(cumulative: string): object {
  return { type: 'voucher', channelId: `0x${'ab'.repeat(32)}`, cumulative, signature: '0x' }
}

function resumeOf(): object {
  return { type: 'resume', channelId: `0x${'ab'.repeat(32)}`, signature: `0x${'11'.repeat(64)}` }
}

async function metric({ url }: Running, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1))
}

/** Looks at every turn of the event loop, for at most so many hundredths of a second when a number is given. */
async function until(isThere: () => boolean, hundredths = 1_000): Promise<void> {
  const endMs = Date.now() + hundredths * 10
  while (!isThere() && Date.now() < endMs) await new Promise((resolve) => setImmediate(resolve))
}
