import { expect } from 'chai'
import { createWalletClient, custom } from 'viem'
import {
  createMemoryKeyStore,
  createSluice,
  SluiceError,
  type SluiceParameters,
  type Stream,
} from '@sluice/sdk'
import { close, getChannel } from '@sluice/sdk/channel'
import {
  createMemoryPair,
  createMemoryStore,
  createPayeeHub,
  encodeMessage,
  type PayeeSession,
  type StandingOffer,
} from '@sluice/sdk/session'
import { computeChannelId } from '../../../sdk/dist/crypto/channelId.js'
import { createOperatorSigner } from '../../../sdk/dist/crypto/signer.js'
import { createSignatureVerifier } from '../../../sdk/dist/crypto/verifier.js'
import { loadNodeCrypto } from '../../../sdk/dist/node/index.js'
import type { Address } from '../../../sdk/dist/types.js'
import { createFastClock } from '../../support/fastClock.js'
import { createWorld, failure, type Person, type World } from '../channel/world.js'
import { createDisk } from '../session/world.js'

const page = 'https://live.example/alice'
const speed = 20
const lower = (address: string) => address.toLowerCase() as Address

/** A payee that sells on a real chain in this process, over connections in memory. */
async function createPayee(world: World, token: Address) {
  const crypto = await loadNodeCrypto()
  const deployment = { chainId: world.chain.id, contract: lower(world.contract) }
  const { timestamp } = await world.reader.getBlock()
  const clock = createFastClock(Number(timestamp) * 1000, speed, performance.timeOrigin + performance.now())
  const offer: StandingOffer = {
    ...deployment,
    token: lower(token),
    symbol: 'USDC',
    decimals: 6,
    payee: lower(world.payee.address),
    operator: lower(world.payee.address),
    price: 2000n,
    unit: 'second',
    per: 1n,
    window: 10n,
    credit: 3n,
    minDelta: 1000n,
    suggestedDeposit: 1_000_000n,
    grace: 3600,
    confirmations: 1,
    title: 'A test card',
  }
  const disk = createDisk()
  const present = new Set<PayeeSession>()
  const faults: unknown[] = []
  const behaviour = { closes: true, online: true, advertised: offer }
  const hub = createPayeeHub({
    offer,
    store: disk,
    chain: { channelState: (channelId) => getChannel(world.reader, { contract: world.contract, channelId }) },
    verifier: createSignatureVerifier(crypto, deployment),
    operator: createOperatorSigner(crypto, deployment, world.payee.privateKey),
    clock,
    random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
    channelId: (channel) => computeChannelId(crypto, deployment, channel),
    limits: { framesPerSecond: 100, burst: 500 },
    hooks: {
      onFault: (error) => faults.push(error),
      onJoined: (session) => {
        present.add(session)
        void feed(session)
      },
      onLeft: (session) => present.delete(session),
      onClose: ({ channel, accepted, signature, consent }) => {
        if (!behaviour.closes || consent === undefined) return
        void close(world.payee.local, {
          contract: world.contract,
          channel,
          cumulativeAmount: accepted,
          capturedAmount: consent.capturedAmount,
          voucherSignature: signature,
          crypto,
        }).catch((error: unknown) => faults.push(error))
      },
    },
  })

  async function feed(session: PayeeSession): Promise<void> {
    while (present.has(session)) {
      await session.sendData(100n, 'frame')
      await new Promise<void>((resolve) => {
        clock.schedule(100, resolve)
      })
    }
  }

  const surroundings = {
    contract: world.contract,
    crypto,
    clock,
    patienceMs: 3_000,
    fetch: async () => {
      if (!behaviour.online) throw new TypeError('fetch failed')
      const text = encodeMessage({
        type: 'offer',
        ...behaviour.advertised,
        challenge: `0x${'00'.repeat(32)}`,
      })
      return { ok: true, status: 200, text: async () => text }
    },
    connect: async () => {
      if (!behaviour.online) throw new Error('unreachable')
      const [near, far] = createMemoryPair({ clock })
      hub.accept(far)
      return near
    },
  } satisfies Omit<SluiceParameters, 'wallet'>
  return { hub, disk, faults, behaviour, surroundings, offer, stop: () => hub.stop() }
}

describe('createSluice on a real chain', function () {
  this.timeout(60_000)
  let world: World
  let token: Address
  let payee: Awaited<ReturnType<typeof createPayee>>
  let viewer: Person
  const streams: Stream[] = []

  before(async () => {
    world = await createWorld()
    token = await world.deploy('PlainToken')
  })
  after(() => world.stop())
  beforeEach(async () => {
    payee = await createPayee(world, token)
    viewer = await world.person()
    await world.mint(token, viewer.address, 20_000_000n)
  })
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.leave()
    payee.stop()
    expect(payee.faults.map(String)).to.deep.equal([])
  })

  /** A page of the viewer's; another one on the same store and keys is the page after a reload. */
  function openPage(
    memory: Pick<SluiceParameters, 'store' | 'keys'> = {
      store: createMemoryStore(),
      keys: createMemoryKeyStore(),
    },
  ) {
    const sluice = createSluice({ wallet: viewer.wallet, ...payee.surroundings, ...memory })
    const open = async (budget = '5.00') => {
      const stream = await sluice.open({ payee: page, budget })
      streams.push(stream)
      return stream
    }
    return { sluice, open, memory }
  }

  /** Resolves when so many pieces have come. */
  function pieces(stream: Stream, count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let seen = 0
      const timer = setTimeout(() => {
        reject(new Error(`only ${seen} of ${count} pieces came`))
      }, 20_000)
      const unlisten = stream.on('data', () => {
        seen += 1
        if (seen < count) return
        clearTimeout(timer)
        unlisten()
        resolve()
      })
    })
  }

  it('quotes what budgets buy and cost in prompts, without one', async () => {
    const { sluice } = openPage()
    const quotes = await Promise.all(
      ['0.50', '1.20', '5.00'].map((budget) => sluice.quote({ payee: page, budget })),
    )
    expect(quotes.map(({ budget }) => budget)).to.deep.equal([500_000n, 1_200_000n, 5_000_000n])
    expect(quotes.map(({ seconds }) => seconds)).to.deep.equal([250, 600, 2_500])
    for (const { plan, offer } of quotes) {
      expect(plan.prompts).to.be.oneOf([1, 2])
      expect(plan.steps).to.have.length(plan.prompts)
      expect(offer.title).to.equal('A test card')
    }
    expect(viewer.prompts).to.deep.equal([])
  })

  it('refuses a quote by one base unit above what the wallet holds, naming both amounts', async () => {
    const { sluice } = openPage()
    expect((await sluice.quote({ payee: page, budget: '20' })).plan.prompts).to.be.at.least(1)
    const error = await failure(sluice.quote({ payee: page, budget: '20.000001' }))
    expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'insufficient-token' })
    expect((error as SluiceError).details)
      .to.contain('20000000')
      .and.to.contain('20000001')
    expect(viewer.prompts).to.deep.equal([])
  })

  it('opens, pays, tips, tops up and stops: every balance exact to the base unit', async () => {
    const payeeBefore = await world.balanceOf(token, world.payee.address)
    const { open, sluice } = openPage()
    const stream = await open()
    expect(stream.record().deposited).to.equal(5_000_000n)
    stream.play()
    await pieces(stream, 30)
    await stream.tip('0.50', 'gg!')
    await stream.topUp('1')
    expect(stream.record()).to.include({ deposited: 6_000_000n, budget: 6_000_000n })
    await pieces(stream, 10)
    const final = await stream.stop()

    const { channelId } = stream
    const record = payee.disk.records.get(channelId)
    expect(final.captured).to.equal(record?.spent)
    expect(final.captured >= 500_000n + 40n * 200n).to.equal(true)
    expect(final.captured + final.refunded).to.equal(6_000_000n)
    expect(await world.balanceOf(token, world.payee.address)).to.equal(payeeBefore + final.captured)
    expect(await world.balanceOf(token, viewer.address)).to.equal(20_000_000n - final.captured)
    expect(await world.balanceOf(token, world.contract)).to.equal(0n)
    const { status } = await world.reader.getTransactionReceipt({ hash: final.transaction })
    expect(status).to.equal('success')
    expect(final.receipt).to.include({ spent: final.captured })
    expect(await sluice.channels()).to.deep.equal([])
  })

  it('goes on after a reload with the same channel: no prompt, no second deposit', async () => {
    const { open, memory } = openPage()
    const stream = await open()
    stream.play()
    await pieces(stream, 5)
    stream.leave()
    const prompts = viewer.prompts.length
    const balance = await world.balanceOf(token, viewer.address)

    const reloaded = openPage(memory)
    expect((await reloaded.sluice.channels()).map(({ channelId }) => channelId)).to.deep.equal([
      stream.channelId,
    ])
    const again = await reloaded.open()
    const resumed = new Promise<boolean>((resolve) =>
      again.on('joined', (event) => {
        resolve(event.resumed)
      }),
    )
    expect(again.channelId).to.equal(stream.channelId)
    expect(await resumed).to.equal(true)
    again.play()
    await pieces(again, 5)
    expect(viewer.prompts).to.have.length(prompts)
    expect(await world.balanceOf(token, viewer.address)).to.equal(balance)
    const final = await again.stop()
    expect(final.captured).to.equal(payee.disk.records.get(stream.channelId)?.spent)
  })

  it('goes on by id, and knows nothing of channels it never had', async () => {
    const { open, memory } = openPage()
    const stream = await open()
    stream.leave()
    const { sluice } = openPage(memory)
    const again = await sluice.resume(stream.channelId)
    streams.push(again)
    again.play()
    await pieces(again, 3)
    const error = await failure(sluice.resume(`0x${'77'.repeat(32)}`))
    expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'unknown-channel' })
  })

  it('says that the key is lost, and what to do, instead of opening a second channel', async () => {
    const { open, memory } = openPage()
    const stream = await open()
    stream.leave()
    const prompts = viewer.prompts.length
    const { store } = memory
    if (store === undefined) throw new Error('no store')
    const { open: openAgain } = openPage({ store, keys: createMemoryKeyStore() })
    const error = await failure(openAgain())
    expect(error)
      .to.be.instanceOf(SluiceError)
      .and.to.include({ code: 'session-key-lost', action: 'money-back' })
    expect(viewer.prompts).to.have.length(prompts)
  })

  it('gets the money back without the payee, step by step, also after a reload (I7)', async () => {
    const { open, memory } = openPage()
    const stream = await open()
    stream.leave()
    payee.behaviour.online = false

    const asked = await openPage(memory).sluice.moneyBack(stream.channelId)
    if (asked.status !== 'waiting') throw new Error('it is too early')
    expect(asked.transaction).to.match(/^0x/)
    const { timestamp } = await world.reader.getBlock()
    expect(asked.withdrawableAt).to.equal(Number(timestamp) + stream.record().channel.grace)

    const early = await openPage(memory).sluice.moneyBack(stream.channelId)
    expect(early).to.deep.equal({
      status: 'waiting',
      withdrawableAt: asked.withdrawableAt,
      transaction: undefined,
    })

    await world.networkHelpers.time.increaseTo(asked.withdrawableAt)
    const done = await openPage(memory).sluice.moneyBack(stream.channelId)
    expect(done).to.include({ status: 'done', refunded: 5_000_000n })
    expect(await world.balanceOf(token, viewer.address)).to.equal(20_000_000n)
    expect(await openPage(memory).sluice.channels()).to.deep.equal([])
    expect(await openPage(memory).sluice.moneyBack(stream.channelId)).to.include({
      status: 'done',
      transaction: undefined,
    })
  })

  it('opens a new channel when the old one is being closed', async () => {
    const { open, memory, sluice } = openPage()
    const stream = await open('1.00')
    stream.leave()
    await sluice.moneyBack(stream.channelId)
    const again = await openPage(memory).open('1.00')
    expect(again.channelId).to.not.equal(stream.channelId)
    again.play()
    await pieces(again, 3)
  })

  it('closes by itself with the consent of a payee that does not', async () => {
    payee.behaviour.closes = false
    const { open } = openPage()
    const stream = await open('1.00')
    stream.play()
    await pieces(stream, 10)
    const final = await stream.stop()
    expect(final.captured).to.equal(payee.disk.records.get(stream.channelId)?.spent)
    expect(final.captured + final.refunded).to.equal(1_000_000n)
    expect(await world.balanceOf(token, viewer.address)).to.equal(20_000_000n - final.captured)
  })

  it('remembers nothing of a deposit that was refused in the wallet', async () => {
    const store = createMemoryStore()
    const keys = createMemoryKeyStore()
    viewer.mood.refusal = { code: 4001, message: 'User rejected the request.' }
    const error = await failure(openPage({ store, keys }).open())
    expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'wallet-rejected' })
    expect(await store.list()).to.deep.equal([])
    expect(await keys.list()).to.deep.equal([])
    viewer.mood.refusal = undefined
    const stream = await openPage({ store, keys }).open()
    expect(stream.record().deposited).to.equal(5_000_000n)
  })

  it('puts no deposit into a contract that the offer merely names', async () => {
    payee.behaviour.advertised = { ...payee.offer, contract: lower(token) }
    const { open, sluice } = openPage()
    for (const work of [open(), sluice.quote({ payee: page, budget: '1' })]) {
      const error = await failure(work)
      expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'terms-refused' })
      expect((error as SluiceError).details)
        .to.contain(lower(token))
        .and.to.contain(world.contract)
    }
    expect(viewer.prompts).to.deep.equal([])
  })

  it('says that the payee is offline before anything is asked of the wallet', async () => {
    payee.behaviour.online = false
    const error = await failure(openPage().open())
    expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'payee-offline', retryable: true })
    expect(viewer.prompts).to.deep.equal([])
  })

  it('refuses a budget that is none, and a wallet without an account', async () => {
    const { open } = openPage()
    expect(await failure(open('five'))).to.include({ code: 'invalid-argument' })
    const wallet = createWalletClient({ chain: world.chain, transport: custom(viewer.browser) })
    const sluice = createSluice({ ...payee.surroundings, wallet })
    expect(await failure(sluice.open({ payee: page, budget: '1' }))).to.include({
      code: 'wallet-disconnected',
    })
  })
})
