import { expect } from 'chai'
import { SluiceError, type ChannelState, type Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { createChainView } from '../../../server/dist/chain/reader.js'
import { applyChainState } from '../../../server/dist/chain/record.js'
import { createWatcher, type Watcher, type WatcherParameters } from '../../../server/dist/chain/watcher.js'
import type { ServerStore } from '../../../server/dist/store/ports.js'
import { createWorld, deposit, grace, rig, type Rig, type World } from './harness.js'

type Heard = { readonly what: string; readonly channelId: Hex; readonly state: ChannelState }

describe('watcher', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    await world.end()
  })

  /** A watcher with what it told, over a store that survives it. */
  function observe(store: ServerStore, options: Partial<WatcherParameters> & { readonly rig?: Rig } = {}) {
    const heard: Heard[] = []
    const tell = (what: string) => async (channelId: Hex, state: ChannelState) => {
      heard.push({ what, channelId, state })
      options.rig?.settler.noteState(channelId, state)
      const record = await store.load(channelId)
      if (record !== undefined) await store.save(applyChainState(record, state))
    }
    const client = options.client ?? world.client()
    const { rig: _, ...rest } = options
    const watcher = createWatcher({
      client,
      chain: createChainView({ client, deployment: world.deployment }),
      deployment: world.deployment,
      payee: world.payee,
      meta: store.meta,
      known: () => store.list(),
      fromBlock: 0n,
      clock: rig(world).clock,
      listener: {
        onDeposited: tell('deposited'),
        onCloseRequested: tell('close-requested'),
        onClaimed: tell('claimed'),
        onClosed: tell('closed'),
      },
      ...rest,
    })
    const said = () => heard.splice(0).map(({ what, channelId, state }) => [what, channelId, state] as const)
    return { watcher, said, whats: () => said().map(([what]) => what) }
  }

  async function withdrawAfterGrace(record: PayeeRecord): Promise<void> {
    await world.send('evm_increaseTime', [grace + 1])
    await world.channels.withdraw(record.channel)
  }

  it("tells every change of its payee's channels within one look, and nothing of anybody else's", async () => {
    const { store } = rig(world)
    const { watcher, said } = observe(store)
    await watcher.poll()
    const mine = await world.open()
    await world.open({ payee: world.stranger.address.toLowerCase() as Hex })
    await watcher.poll()
    const opened = {
      deposited: deposit,
      claimed: 0n,
      openedAt: mine.openedAt,
      closeRequestedAt: 0,
      closed: false,
    }
    expect(said()).to.deep.equal([['deposited', mine.channelId, opened]])

    await world.channels.deposit(mine.channel, 5n)
    await watcher.poll()
    expect(said()).to.deep.equal([['deposited', mine.channelId, { ...opened, deposited: deposit + 5n }]])

    await world.channels.requestClose(mine.channel)
    await watcher.poll()
    const requested = await world.stateOf(mine.channelId)
    expect(said()).to.deep.equal([['close-requested', mine.channelId, requested]])

    await withdrawAfterGrace(mine)
    await watcher.poll()
    expect(said().map(([what, , state]) => [what, state.closed])).to.deep.equal([
      ['close-requested', true],
      ['closed', true],
    ])
    await watcher.poll()
    expect(said()).to.deep.equal([])
  })

  it('catches up from its cursor after it was away, and tells what changed meanwhile only once', async () => {
    const { store } = rig(world)
    const first = observe(store)
    const before = await world.open()
    await store.save(before)
    await first.watcher.poll()
    first.said()
    await world.channels.requestClose(before.channel)
    const during = await world.open()
    await world.mine(20)

    const requests: unknown[] = []
    const client = world.client((request) => {
      if (request.method === 'eth_getLogs') requests.push(request.params)
      return undefined
    })
    const second = observe(store, { client })
    await second.watcher.poll()
    const told = second.said().map(([what, channelId]) => [what, channelId])
    expect(told).to.have.deep.members([
      ['close-requested', before.channelId],
      ['deposited', during.channelId],
    ])
    expect(JSON.stringify(requests), 'not from the beginning').not.to.contain('"fromBlock":"0x0"')
    await second.watcher.poll()
    expect(second.said()).to.deep.equal([])
  })

  it('tells a deposit only when it is as deep as asked, a close request at once (I21)', async () => {
    const { store } = rig(world)
    const { watcher, said, whats } = observe(store, { confirmations: 3 })
    const record = await world.open()
    await watcher.poll()
    expect(said()).to.deep.equal([])
    await world.mine()
    await watcher.poll()
    expect(said()).to.deep.equal([])
    await world.mine()
    await watcher.poll()
    expect(said().map(([what, , { deposited }]) => [what, deposited])).to.deep.equal([['deposited', deposit]])
    await world.channels.requestClose(record.channel)
    await watcher.poll()
    expect(whats()).to.deep.equal(['close-requested'])
  })

  it('lowers what a reorganised deposit allows, and tells a close request that vanished (I21, I24)', async () => {
    const { store } = rig(world)
    const { watcher, said } = observe(store)
    const record = await world.open()
    await store.save(await world.paid(record, deposit))
    await watcher.poll()
    said()
    const snapshot = await world.snapshot()
    await world.channels.deposit(record.channel, 9n * deposit)
    await world.channels.requestClose(record.channel)
    await watcher.poll()
    expect((await store.load(record.channelId))?.deposited).to.equal(10n * deposit)
    said()

    await world.reorganise(snapshot, 4)
    await watcher.poll()
    expect(said().map(([what, , state]) => [what, state.deposited, state.closeRequestedAt])).to.deep.equal([
      ['deposited', deposit, 0],
      ['close-requested', deposit, 0],
    ])
    expect(await store.load(record.channelId)).to.include({
      deposited: deposit,
      closeRequestedAt: 0,
      accepted: deposit,
    })
  })

  it('notices a reorganisation that happened while it was away', async () => {
    const { store } = rig(world)
    const record = await world.open()
    await store.save(record)
    const first = observe(store)
    await first.watcher.poll()
    const snapshot = await world.snapshot()
    await world.channels.deposit(record.channel, deposit)
    await first.watcher.poll()
    expect((await store.load(record.channelId))?.deposited).to.equal(2n * deposit)
    await world.reorganise(snapshot, 2)
    const second = observe(store)
    await second.watcher.poll()
    expect((await store.load(record.channelId))?.deposited).to.equal(deposit)
  })

  it('waits while the node is behind what it showed before, and takes nothing from it', async () => {
    let frozen: unknown
    const client = world.client(({ method, params }) => {
      const isLatest = method === 'eth_getBlockByNumber' && JSON.stringify(params).includes('latest')
      return isLatest && frozen !== undefined ? Promise.resolve(frozen) : undefined
    })
    const { store } = rig(world)
    const { watcher, whats } = observe(store, { client })
    await watcher.poll()
    const behind: unknown = await world.send('eth_getBlockByNumber', ['latest', false])
    await world.open()
    await watcher.poll()
    expect(whats()).to.deep.equal(['deposited'])
    frozen = behind
    const error = await watcher.poll().catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'rpc-unreachable', retryable: true })
    expect(watcher.health().problem).to.equal('The blockchain node does not answer as it should.')
    frozen = undefined
    await watcher.poll()
    expect(watcher.health().problem).to.equal(undefined)
    expect(whats()).to.deep.equal([])
  })

  it('does not miss an event that a node shows later than its block', async () => {
    let hides = true
    const client = world.client(({ method }) =>
      hides && method === 'eth_getLogs' ? Promise.resolve([]) : undefined,
    )
    const { store } = rig(world)
    const { watcher, whats } = observe(store, { client })
    await watcher.poll()
    await world.open()
    await watcher.poll()
    expect(whats()).to.deep.equal([])
    hides = false
    await world.mine()
    await watcher.poll()
    expect(whats()).to.deep.equal(['deposited'])
  })

  it('asks for smaller ranges when a node refuses large ones', async () => {
    const record = await world.open()
    await world.mine(40)
    const client = world.client(({ method, params }) => {
      const [filter] = method === 'eth_getLogs' ? (params as { fromBlock: Hex; toBlock: Hex }[]) : []
      if (filter === undefined) return undefined
      return BigInt(filter.toBlock) - BigInt(filter.fromBlock) > 10n
        ? Promise.reject(new Error('query returned more than 10 results'))
        : undefined
    })
    const { store } = rig(world)
    const { watcher, said } = observe(store, { client })
    await watcher.poll()
    expect(said().map(([, channelId]) => channelId)).to.deep.equal([record.channelId])
  })

  it('tells again what a listener could not take in', async () => {
    const { store } = rig(world)
    let failing = true
    const told: Hex[] = []
    const onDeposited = (channelId: Hex) => {
      if (failing) throw new Error('disk full')
      told.push(channelId)
    }
    const nothing = () => undefined
    const listener = { onDeposited, onCloseRequested: nothing, onClaimed: nothing, onClosed: nothing }
    const { watcher } = observe(store, { listener })
    const record = await world.open()
    expect(await watcher.poll().catch((error: unknown) => error)).to.be.instanceOf(Error)
    failing = false
    await watcher.poll()
    expect(told).to.deep.equal([record.channelId])
  })

  it('looks every second until it is stopped', async () => {
    const { store, clock } = rig(world)
    const { watcher } = observe(store, { clock })
    await watcher.start()
    expect(clock.waiting()).to.deep.equal([1_000])
    await watcher.stop()
    expect(clock.waiting()).to.deep.equal([])
    expect(watcher.health().block).to.equal(BigInt(await world.ethers.provider.getBlockNumber()))
  })

  describe('with a settler', () => {
    const worthless = { price: () => ({ wei: 1n, tokens: 10n ** 18n }) }

    async function looked(watcher: Watcher, { clock, settler }: Rig): Promise<void> {
      await watcher.poll()
      clock.advance(0)
      await settler.tick()
    }

    it('claims in the block after the payer asked to close (I22)', async () => {
      const one = rig(world, { policy: worthless })
      const { watcher } = observe(one.store, { rig: one })
      await one.settler.start()
      await one.store.save(await world.paid(await world.open(), 700n))
      await watcher.poll()
      const [record] = await one.store.list()
      if (record === undefined) throw new Error('the channel was not stored')
      expect(await world.paidOut()).to.equal(0n)
      const block = await world.channels.requestClose(record.channel)
      await looked(watcher, one)
      expect(await world.paidOut()).to.equal(700n)
      const claimBlock = await world.ethers.provider.getBlockNumber()
      expect(claimBlock - (block.blockNumber ?? 0)).to.be.at.most(1)
      await one.settler.stop()
    })

    it('claims a stale forced close in time after having been offline for all but the end of the grace (I22)', async () => {
      const before = rig(world, { policy: worthless })
      const record = await world.paid(await world.open(), 700n)
      await before.store.save(record)
      await observe(before.store).watcher.poll()
      await before.store.close()

      await world.channels.requestClose(record.channel)
      await world.send('evm_increaseTime', [grace - 60])
      await world.mine()

      const after = rig(world, { policy: worthless, disk: before.disk })
      const { watcher } = observe(after.store, { rig: after })
      await looked(watcher, after)
      expect(await world.paidOut()).to.equal(700n)
      await withdrawAfterGrace(record)
      await looked(watcher, after)
      const state = await world.stateOf(record.channelId)
      expect(state).to.include({ claimed: 700n, closed: true })
      expect(await after.store.load(record.channelId)).to.include({ claimed: 700n, closed: true })
      expect(await after.store.list()).to.deep.equal([])
    })

    it('claims again when the request and the claim were reorganised out and the request came back (I22, I24)', async () => {
      const one = rig(world, { policy: { ...worthless, confirmations: 5 } })
      const { watcher } = observe(one.store, { rig: one })
      const record = await world.paid(await world.open(), 700n)
      await one.store.save(record)
      await watcher.poll()
      const snapshot = await world.snapshot()
      await world.channels.requestClose(record.channel)
      await looked(watcher, one)
      expect(await world.paidOut()).to.equal(700n)

      await world.reorganise(snapshot, 3)
      await world.channels.requestClose(record.channel)
      expect(await world.paidOut()).to.equal(0n)
      await looked(watcher, one)
      await looked(watcher, one)
      expect(await world.paidOut()).to.equal(700n)
    })
  })
})
