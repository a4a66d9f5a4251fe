import { expect } from 'chai'
import {
  createPublicClient,
  createWalletClient,
  custom,
  http,
  webSocket,
  zeroAddress,
  type Address,
  type PublicClient,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { network } from 'hardhat'
import { deposit } from '../../../sdk/dist/channel/deposit.js'
import { claim } from '../../../sdk/dist/channel/claim.js'
import { close } from '../../../sdk/dist/channel/close.js'
import { createChannel } from '../../../sdk/dist/channel/createChannel.js'
import { findChannels } from '../../../sdk/dist/channel/findChannels.js'
import { requestClose } from '../../../sdk/dist/channel/requestClose.js'
import { topUp } from '../../../sdk/dist/channel/topUp.js'
import { watchChannel } from '../../../sdk/dist/channel/watchChannel.js'
import { startNode } from '../../support/node.js'
import { collector } from '../collector.js'
import { createWorld, failure, signVoucher, type Person, type World } from './world.js'

type RpcCall = { readonly method: string; readonly params?: unknown }
type LogQuery = { readonly fromBlock: string; readonly toBlock: string }

describe('sdk findChannels: everything from the chain alone', () => {
  let world: World
  let usdc: Address
  let alice: Person
  let bob: Person

  before(async () => {
    world = await createWorld()
    usdc = await world.deploy('UsdcLikeToken')
    alice = await world.person()
    bob = await world.person()
    for (const { address } of [alice, bob]) await world.mint(usdc, address, 10n ** 12n)
  })
  after(() => world.stop())

  const open = async (payer: Person, change: Parameters<World['terms']>[2] = {}) => {
    const channel = world.terms(payer.address, usdc, change)
    const parameters = { contract: world.contract, channel, amount: 1_000n }
    return { ...(await deposit(payer.wallet, parameters)), channel }
  }
  /** The same chain through a node that behaves differently. */
  const through = (request: (call: RpcCall) => Promise<unknown>): PublicClient =>
    createPublicClient({ chain: world.chain, transport: custom({ request }, { retryCount: 0 }) })

  it('rebuilds channels of every status with their terms, in order, as payer and as payee', async () => {
    const first = await open(alice)
    await topUp(alice.wallet, { contract: world.contract, channel: first.channel, amount: 500n })
    const second = await open(bob)
    const third = await open(alice, { payee: bob.address })
    const signature = await signVoucher(alice, world, first.channelId, 300n)
    const claims = [{ channel: first.channel, voucher: { cumulativeAmount: 300n, signature } }]
    await claim(world.banker.wallet, { contract: world.contract, claims })
    await requestClose(alice.wallet, { contract: world.contract, channel: first.channel })
    await close(bob.wallet, {
      contract: world.contract,
      channel: third.channel,
      cumulativeAmount: 0n,
      capturedAmount: 0n,
    })

    const find = async (account: Address, role: 'payer' | 'payee' | 'any') => {
      const { channels } = await findChannels(world.reader, { contract: world.contract, account, role })
      return channels
    }
    const asPayer = await find(alice.address, 'payer')
    expect(asPayer.map(({ channelId }) => channelId)).to.deep.equal([first.channelId, third.channelId])
    expect(asPayer[0]).to.include({
      status: 'closing',
      deposited: 1_500n,
      claimed: 300n,
      openedBlock: first.blockNumber,
      transactionHash: first.hash,
    })
    expect(asPayer[0]?.channel).to.deep.equal(first.channel)
    expect(asPayer[1]).to.include({ status: 'closed', claimed: 0n })
    expect((await find(bob.address, 'payee')).map(({ channelId }) => channelId)).to.deep.equal([
      third.channelId,
    ])
    expect((await find(bob.address, 'any')).map(({ channelId }) => channelId)).to.deep.equal([
      second.channelId,
      third.channelId,
    ])
    expect(await find(usdc, 'any')).to.deep.equal([])
  })

  it('finds a channel once that pays its own payer', async () => {
    const carol = await world.person()
    await world.mint(usdc, carol.address, 10n ** 9n)
    const { channelId } = await open(carol, { payee: carol.address })
    const { channels } = await findChannels(world.reader, {
      contract: world.contract,
      account: carol.address,
    })
    expect(channels.map((each) => each.channelId)).to.deep.equal([channelId])
  })

  it('asks in pieces of the given length, tells its progress, and goes on from its cursor', async () => {
    const dave = await world.person()
    await world.mint(usdc, dave.address, 10n ** 9n)
    const { channelId: one } = await open(dave)
    await world.networkHelpers.mine(20)
    const pieces: bigint[] = []
    const counting = through(async (call) => {
      if (call.method === 'eth_getLogs') {
        const [{ fromBlock, toBlock }] = call.params as [LogQuery]
        pieces.push(BigInt(toBlock) - BigInt(fromBlock) + 1n)
      }
      return await world.provider.request(call)
    })
    const progress: bigint[] = []
    const shared = { contract: world.contract, account: dave.address, role: 'payer', blockRange: 7n } as const
    const found = await findChannels(counting, { ...shared, onProgress: ({ block }) => progress.push(block) })
    expect(found.channels.map(({ channelId }) => channelId)).to.deep.equal([one])
    expect(pieces.every((length) => length <= 7n)).to.equal(true)
    expect(pieces.reduce((sum, length) => sum + length, 0n)).to.equal(found.cursor)
    expect(progress.at(-1)).to.equal(found.cursor - 1n)

    const nothing = await findChannels(counting, { ...shared, fromBlock: found.cursor })
    expect(nothing).to.deep.equal({ channels: [], cursor: found.cursor })
    const { channelId: two } = await open(dave)
    const rest = await findChannels(counting, { ...shared, fromBlock: found.cursor })
    expect(rest.channels.map(({ channelId }) => channelId)).to.deep.equal([two])
  })

  it('asks for less when the node refuses a piece as too long', async () => {
    let longest = 0n
    const strict = through(async (call) => {
      if (call.method === 'eth_getLogs') {
        const [{ fromBlock, toBlock }] = call.params as [LogQuery]
        const length = BigInt(toBlock) - BigInt(fromBlock) + 1n
        if (length > 10n) throw Object.assign(new Error('block range too large'), { code: -32602 })
        if (length > longest) longest = length
      }
      return await world.provider.request(call)
    })
    const { channels } = await findChannels(strict, {
      contract: world.contract,
      account: alice.address,
      role: 'payer',
    })
    expect(channels.length).to.equal(2)
    expect(longest > 1n).to.equal(true)
  })

  it('believes no terms that do not hash to their id', async () => {
    const lying = through(async (call) => {
      const answer = await world.provider.request(call)
      if (call.method !== 'eth_getLogs') return answer
      // Another rate in the terms: the id in the topics stays.
      return (answer as readonly { readonly data: string }[]).map((log) => {
        const rate = 2 + 64 * 6
        return { ...log, data: `${log.data.slice(0, rate)}${'0'.repeat(63)}9${log.data.slice(rate + 64)}` }
      })
    })
    const { channels } = await findChannels(lying, { contract: world.contract, account: alice.address })
    expect(channels).to.deep.equal([])
  })

  it('drops channels of others from a node that ignores the filter', async () => {
    const careless = through(async (call) => {
      if (call.method !== 'eth_getLogs') return await world.provider.request(call)
      const [query] = call.params as [LogQuery]
      const params = [{ fromBlock: query.fromBlock, toBlock: query.toBlock, address: world.contract }]
      return await world.provider.request({ method: call.method, params })
    })
    const shared = { contract: world.contract, account: alice.address, role: 'payer' } as const
    const honest = await findChannels(world.reader, shared)
    expect((await findChannels(careless, shared)).channels).to.deep.equal(honest.channels)
  })

  it('an unreachable node is named as such', async () => {
    const dead = createPublicClient({
      chain: world.chain,
      transport: http('http://127.0.0.1:1', { retryCount: 0 }),
    })
    const error = await failure(findChannels(dead, { contract: world.contract, account: alice.address }))
    expect(error).to.include({ code: 'rpc-unreachable', retryable: true })
  })
})

const watched = () => collector<watchChannel.Event>()

describe('sdk watchChannel', () => {
  let world: World
  let alice: Person

  beforeEach(async () => {
    world = await createWorld()
    alice = await world.person()
  })
  afterEach(() => world.stop())

  const open = async () => {
    const channel = world.terms(alice.address, zeroAddress)
    const { channelId } = await deposit(alice.local, { contract: world.contract, channel, amount: 100n })
    return { channel, channelId, at: { contract: world.contract, channel } }
  }

  it('tells everything that happens to a channel, in order, close requests included', async () => {
    const seen = watched()
    const stop = watchChannel(world.reader, { contract: world.contract, fromBlock: 0n, ...seen })
    const { at, channel, channelId } = await open()
    await topUp(alice.local, { ...at, amount: 50n })
    const signature = await signVoucher(alice, world, channelId, 30n)
    await claim(alice.local, {
      contract: world.contract,
      claims: [{ channel, voucher: { cumulativeAmount: 30n, signature } }],
    })
    const { withdrawableAt } = await requestClose(alice.local, at)
    await close(world.payee.local, { ...at, cumulativeAmount: 0n, capturedAmount: 0n })
    await seen.until(() => seen.events.length >= 5)
    stop()
    const facts = seen.events.map(({ blockNumber, blockHash, transactionHash, logIndex, ...rest }) => {
      expect([blockNumber > 0n, blockHash.length, transactionHash.length, logIndex]).to.deep.equal([
        true,
        66,
        66,
        0,
      ])
      return rest
    })
    const common = { channelId, removed: false }
    expect(facts).to.deep.equal([
      { ...common, type: 'opened', channel, deposited: 100n },
      { ...common, type: 'deposited', amount: 50n, deposited: 150n },
      { ...common, type: 'claimed', claimed: 30n },
      { ...common, type: 'close-requested', withdrawableAt },
      { ...common, type: 'closed', captured: 30n, refunded: 120n },
    ])
    expect(seen.errors).to.deep.equal([])
  })

  it('tells only of the channels it was asked for, and nothing from before it began', async () => {
    const mine = await open()
    const other = await open()
    const seen = watched()
    const ready = new Promise<() => void>((resolve) => {
      const stop: () => void = watchChannel(world.reader, {
        contract: world.contract,
        channelId: mine.channelId,
        ...seen,
        onBlock: () => {
          resolve(stop)
        },
      })
    })
    const stop = await ready
    await topUp(alice.local, { ...other.at, amount: 1n })
    await topUp(alice.local, { ...mine.at, amount: 1n })
    await seen.until(() => seen.events.length > 0)
    stop()
    expect(seen.events.map(({ type, channelId }) => ({ type, channelId }))).to.deep.equal([
      { type: 'deposited', channelId: mine.channelId },
    ])
  })

  it('takes back what a reorganisation undid, newest first, and tells what took its place (I24)', async () => {
    const { at, channelId } = await open()
    const seen = watched()
    const stop = watchChannel(world.reader, { contract: world.contract, channelId, fromBlock: 0n, ...seen })
    await seen.until(() => seen.events.length === 1)
    const snapshot = await world.provider.request({ method: 'evm_snapshot' })
    await topUp(alice.local, { ...at, amount: 11n })
    await requestClose(alice.local, at)
    await seen.until(() => seen.events.length === 3)
    await world.provider.request({ method: 'evm_revert', params: [snapshot] })
    await world.networkHelpers.mine(2)
    await topUp(alice.local, { ...at, amount: 22n })
    await seen.until(() => seen.events.length === 6)
    stop()
    const told = seen.events.map(({ type, removed }) => `${removed ? '-' : '+'}${type}`)
    expect(told).to.deep.equal([
      '+opened',
      '+deposited',
      '+close-requested',
      '-close-requested',
      '-deposited',
      '+deposited',
    ])
    const amounts = seen.events.map((event) => (event.type === 'deposited' ? event.amount : undefined))
    expect(amounts.filter((amount) => amount !== undefined)).to.deep.equal([11n, 11n, 22n])
  })

  it('tells an event again when a reorganisation moved it to another block', async () => {
    const { at, channelId } = await open()
    const snapshot = await world.provider.request({ method: 'evm_snapshot' })
    const seen = watched()
    const stop = watchChannel(world.reader, { contract: world.contract, channelId, fromBlock: 0n, ...seen })
    await topUp(alice.local, { ...at, amount: 11n })
    await seen.until(() => seen.events.length === 2)
    await world.provider.request({ method: 'evm_revert', params: [snapshot] })
    await world.networkHelpers.mine(3)
    await topUp(alice.local, { ...at, amount: 11n })
    await seen.until(() => seen.events.length === 4)
    stop()
    const [, before, undone, after] = seen.events
    expect(undone).to.deep.equal({ ...before, removed: true })
    expect(after).to.include({ type: 'deposited', removed: false })
    expect((after?.blockNumber ?? 0n) > (before?.blockNumber ?? 0n)).to.equal(true)
  })

  it('misses nothing over an outage of the node, and says that there was one', async () => {
    const { at, channelId } = await open()
    let down = false
    const flaky = createPublicClient({
      chain: world.chain,
      pollingInterval: 5,
      cacheTime: 0,
      transport: custom(
        {
          request: async (call: RpcCall) => {
            if (down) throw new TypeError('fetch failed')
            return await world.provider.request(call)
          },
        },
        { retryCount: 0 },
      ),
    })
    const seen = watched()
    const stop = watchChannel(flaky, { contract: world.contract, channelId, fromBlock: 0n, ...seen })
    await seen.until(() => seen.events.length === 1)
    down = true
    await seen.until(() => seen.errors.length > 0)
    await topUp(alice.local, { ...at, amount: 1n })
    await world.networkHelpers.mine(100)
    down = false
    await seen.until(() => seen.events.length === 2)
    stop()
    expect(new Set(seen.errors)).to.deep.equal(new Set(['rpc-unreachable']))
  })

  it('goes on when a listener throws, and tells of it', async () => {
    const { at, channelId } = await open()
    const seen = watched()
    const stop = watchChannel(world.reader, {
      contract: world.contract,
      channelId,
      fromBlock: 0n,
      onError: seen.onError,
      onEvent: (event) => {
        seen.onEvent(event)
        if (event.type === 'opened') throw new Error('a fault of the listener')
      },
    })
    await topUp(alice.local, { ...at, amount: 1n })
    await seen.until(() => seen.events.length === 2 && seen.errors.length === 1)
    stop()
    expect(seen.errors).to.deep.equal(['internal'])
  })

  it('tells nothing once it was ended', async () => {
    const seen = watched()
    const { at, channelId } = await open()
    const stop = watchChannel(world.reader, { contract: world.contract, channelId, fromBlock: 0n, ...seen })
    stop()
    const other = watched()
    const stopOther = watchChannel(world.reader, {
      contract: world.contract,
      channelId,
      fromBlock: 0n,
      ...other,
    })
    await topUp(alice.local, { ...at, amount: 1n })
    await other.until(() => other.events.length === 2)
    stopOther()
    expect(seen.events).to.deep.equal([])
  })
})

describe('sdk watchChannel over a WebSocket', () => {
  it('is told of new blocks by subscription', async () => {
    const node = await startNode()
    try {
      const remote = await network.create({ network: 'default' })
      const code = (await remote.ethers.getContractFactory('StreamChannels')).bytecode as `0x${string}`
      await remote.close()
      // The first of Hardhat's well-known accounts.
      const account = privateKeyToAccount(
        '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
      )
      const chain = {
        id: 31337,
        name: 'Local',
        nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
        rpcUrls: { default: { http: [node.url] } },
      }
      const wallet = createWalletClient({ account, chain, transport: http(node.url), pollingInterval: 20 })
      const reader = createPublicClient({ chain, transport: http(node.url), pollingInterval: 20 })
      const hash = await wallet.deployContract({ abi: [], bytecode: code })
      const { contractAddress } = await reader.waitForTransactionReceipt({ hash })
      if (contractAddress === null || contractAddress === undefined) throw new Error('not deployed')
      const socket = webSocket(node.url.replace('http', 'ws'))
      const listener = createPublicClient({ chain, transport: socket, pollingInterval: 3_600_000 })
      const seen = watched()
      const stop = watchChannel(listener, { contract: contractAddress, fromBlock: 0n, ...seen })
      const payer = account.address
      const channel = createChannel({ payer, payee: payer, token: zeroAddress, signer: payer })
      await deposit(wallet, { contract: contractAddress, channel, amount: 5n })
      await seen.until(() => seen.events.length === 1)
      stop()
      const rpc = await listener.transport.getRpcClient()
      rpc.close()
      expect(seen.events[0]).to.include({ type: 'opened', deposited: 5n, removed: false })
      expect(seen.errors).to.deep.equal([])
    } finally {
      await node.stop()
    }
  })
})
