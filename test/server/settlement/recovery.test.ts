import { expect } from 'chai'
import { createWorld, rig, type Request, type World } from './harness.js'

const precious = { price: () => ({ wei: 10n ** 18n, tokens: 1n }) }
const isSending = ({ method }: Request) => method === 'eth_sendRawTransaction'

describe('settlement transactions', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    await world.end()
  })

  async function baseFee(gwei: number): Promise<void> {
    await world.send('hardhat_setNextBlockBaseFeePerGas', [`0x${(BigInt(gwei) * 10n ** 9n).toString(16)}`])
  }

  it('are replaced with fees at least an eighth higher when stuck, with one effect', async () => {
    const { settler, store, types } = rig(world, { policy: { ...precious, stuckAfterBlocks: 3 } })
    await store.save(await world.paid(await world.open(), 500n))
    await world.automine(false)
    await settler.tick()
    for (let block = 0; block < 3; block += 1) {
      await baseFee(500)
      await world.mine()
      await settler.tick()
    }
    const [entry] = await store.outbox.open()
    const [first, second] = entry?.attempts ?? []
    if (first === undefined || second === undefined) throw new Error('expected two attempts')
    expect(entry?.attempts).to.have.length(2)
    expect(second.maxFeePerGas * 1000n >= first.maxFeePerGas * 1125n).to.equal(true)
    expect(second.maxPriorityFeePerGas * 1000n >= first.maxPriorityFeePerGas * 1125n).to.equal(true)
    await baseFee(100)
    await world.mine(2)
    await settler.tick()
    expect(types()).to.deep.equal(['submitted', 'replaced', 'confirmed'])
    expect(await world.sent()).to.equal(1)
    expect(await world.paidOut()).to.equal(500n)
  })

  it('are not raised above the limit, except when a deadline nears', async () => {
    const limits = {
      maxFeePerGas: 3n * 10n ** 9n,
      maxUrgentFeePerGas: 2_000n * 10n ** 9n,
      stuckAfterBlocks: 1,
    }
    const { settler, store, types } = rig(world, { policy: { ...precious, ...limits } })
    const record = await world.paid(await world.open(), 500n)
    await store.save(record)
    await world.automine(false)
    await settler.tick()
    for (let block = 0; block < 2; block += 1) {
      await baseFee(500)
      await world.mine()
      await settler.tick()
    }
    expect(types()).to.deep.equal(['submitted', 'replaced', 'fee-limited'])
    expect((await store.outbox.open())[0]?.attempts.at(-1)?.maxFeePerGas).to.equal(limits.maxFeePerGas)

    const closing = await world.paid(await world.open(), 300n)
    await world.channels.requestClose(closing.channel, { maxFeePerGas: 10n ** 13n })
    await world.mine()
    await store.save({ ...closing, ...(await world.stateOf(closing.channelId)) })
    await settler.tick()
    await world.mine()
    // The urgent one waits for the ordinary one before it, so that is raised as well.
    await settler.tick()
    await world.mine(2)
    await settler.tick()
    expect((await store.outbox.finished(0)).map(({ status }) => status)).to.deep.equal([
      'confirmed',
      'confirmed',
    ])
    expect(await world.paidOut()).to.equal(800n)
  })

  it('that are stuck at their limit are replaced at once when the payer asks to close, and land in time (I6)', async () => {
    const limits = {
      maxFeePerGas: 3n * 10n ** 9n,
      maxUrgentFeePerGas: 2_000n * 10n ** 9n,
      stuckAfterBlocks: 1,
    }
    const { settler, store, clock, types } = rig(world, { policy: { ...precious, ...limits } })
    const record = await world.paid(await world.open(), 500n)
    await store.save(record)
    await world.automine(false)
    await settler.start()
    await baseFee(500)
    await world.channels.requestClose(record.channel, { maxFeePerGas: 10n ** 13n })
    await world.mine()
    await settler.tick()
    expect(types(), 'nobody has told it of the request').to.deep.equal(['submitted', 'replaced'])

    const state = await world.stateOf(record.channelId)
    settler.noteState(record.channelId, state)
    clock.advance(0)
    await settler.stop()
    const [entry] = await store.outbox.open()
    const [, limited, urgent] = entry?.attempts ?? []
    expect(limited?.maxFeePerGas).to.equal(limits.maxFeePerGas)
    expect(urgent?.maxFeePerGas).to.be.greaterThan(500n * 10n ** 9n)
    expect(urgent?.atBlock, 'no block was waited for').to.equal(limited?.atBlock)

    await baseFee(500)
    await world.mine()
    expect(await world.paidOut()).to.equal(500n)
    expect((await world.newest()).timestamp).to.be.lessThan(state.closeRequestedAt + record.channel.grace)
    expect(await world.sent()).to.equal(1)
  })

  it('are sent once after a crash between storing and sending', async () => {
    const unplugged = world.client((request) =>
      isSending(request) ? Promise.reject(new Error('killed')) : undefined,
    )
    const before = rig(world, { policy: precious, broadcaster: unplugged })
    await before.store.save(await world.paid(await world.open(), 500n))
    await before.settler.tick()
    expect(await before.store.outbox.open()).to.have.length(1)
    expect(await world.sent()).to.equal(0)

    const after = rig(world, { policy: precious, disk: before.disk })
    await after.settler.tick()
    await world.mine()
    await after.settler.tick()
    await after.settler.tick()
    expect(await world.sent()).to.equal(1)
    expect(await world.paidOut()).to.equal(500n)
    expect(before.types()).to.deep.equal(['not-taken', 'submitted'])
    expect(after.types()).to.deep.equal(['confirmed'])
  })

  it('are not sent twice after a crash between sending and hearing the answer', async () => {
    const deaf = world.client(async (request) => {
      if (!isSending(request)) return undefined
      await world.send(request.method, request.params as unknown[])
      throw new Error('killed')
    })
    const before = rig(world, { policy: precious, broadcaster: deaf })
    await before.store.save(await world.paid(await world.open(), 500n))
    await world.automine(false)
    await before.settler.tick()

    const after = rig(world, { policy: precious, disk: before.disk })
    await after.settler.tick()
    await after.settler.settle()
    await world.mine(2)
    await after.settler.tick()
    expect(await world.sent()).to.equal(1)
    expect(await world.paidOut()).to.equal(500n)
    expect((await after.store.outbox.finished(0))[0]?.attempts).to.have.length(1)
  })

  it('are handed in again, unchanged, when the node has dropped them', async () => {
    const { settler, store } = rig(world, { policy: precious })
    await store.save(await world.paid(await world.open(), 500n))
    await world.automine(false)
    await settler.tick()
    const [entry] = await store.outbox.open()
    await world.send('hardhat_dropTransaction', [entry?.attempts[0]?.hash])
    await world.mine()
    expect(await world.sent()).to.equal(0)
    await settler.tick()
    await world.mine(2)
    await settler.tick()
    expect((await store.outbox.finished(0))[0]?.attempts).to.deep.equal(entry?.attempts)
    expect(await world.paidOut()).to.equal(500n)
  })

  it('come back after a reorganisation has thrown their block out (I24)', async () => {
    const { settler, store, types } = rig(world, { policy: { ...precious, confirmations: 4 } })
    await store.save(await world.paid(await world.open(), 500n))
    const snapshot = await world.snapshot()
    await settler.tick()
    await settler.tick()
    expect(types()).to.deep.equal(['submitted', 'mined'])
    expect(await world.paidOut()).to.equal(500n)

    await world.automine(false)
    await world.reorganise(snapshot, 3)
    expect(await world.paidOut()).to.equal(0n)
    await settler.tick()
    expect(types()).to.deep.equal(['submitted', 'mined', 'reorged'])
    await world.mine(4)
    await settler.tick()
    expect(types()).to.deep.equal(['submitted', 'mined', 'reorged', 'confirmed'])
    expect(await world.sent()).to.equal(1)
    expect(await world.paidOut()).to.equal(500n)
  })

  it('are planned anew when another transaction took their nonce, and never given up as failed before', async () => {
    const { settler, store, types } = rig(world, { policy: precious, broadcaster: world.client() })
    await store.save(await world.paid(await world.open(), 500n))
    await world.automine(false)
    await settler.tick()
    const [entry] = await store.outbox.open()
    await world.send('hardhat_dropTransaction', [entry?.attempts[0]?.hash])
    await world.send('hardhat_impersonateAccount', [world.operator.address])
    await world.send('eth_sendTransaction', [
      { from: world.operator.address, to: world.stranger.address, value: '0x1' },
    ])
    await world.mine()
    await settler.tick()
    expect(types(), 'one block deep: unknown').to.deep.equal(['submitted'])
    await world.mine()
    await settler.tick()
    expect(types()).to.deep.equal(['submitted', 'lost', 'submitted'])
    await world.mine(2)
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)
  })

  it('leave no gap of nonces: one that another program lost is used up', async () => {
    const { settler, store } = rig(world, { policy: precious })
    await store.save(await world.paid(await world.open(), 500n))
    await world.automine(false)
    await world.send('hardhat_impersonateAccount', [world.operator.address])
    const foreign: unknown = await world.send('eth_sendTransaction', [
      { from: world.operator.address, to: world.stranger.address, value: '0x1' },
    ])
    await settler.tick()
    expect((await store.outbox.open()).map(({ nonce }) => nonce)).to.deep.equal([1])
    await world.send('hardhat_dropTransaction', [foreign])
    await world.mine()
    await settler.tick()
    expect((await store.outbox.open()).map(({ nonce, purpose }) => [nonce, purpose.kind])).to.deep.equal([
      [0, 'filler'],
      [1, 'claim'],
    ])
    await world.mine(2)
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)
    expect(await world.sent()).to.equal(2)
  })

  it('that revert on the chain are reported, and the money is claimed another way', async () => {
    const { settler, store, types } = rig(world, { policy: { ...precious, retryRefusedAfterMs: 0 } })
    const good = await world.paid(await world.open(), 500n)
    const gone = await world.paid(await world.open(), 300n)
    await store.save(good)
    await store.save(gone)
    await world.automine(false)
    await settler.tick()
    // The payer's close with an old consent overtakes the batch.
    await world.send('hardhat_setBalance', [world.payee, '0x8ac7230489e80000'])
    await world.send('hardhat_impersonateAccount', [world.payee])
    const payee = await world.ethers.getSigner(world.payee)
    await world.channels.connect(payee).close(gone.channel, 0n, 0n, '0x', '0x', {
      gasLimit: 1_000_000n,
      maxFeePerGas: 10n ** 12n,
      maxPriorityFeePerGas: 10n ** 11n,
    })
    await world.mine(2)
    await settler.tick()
    expect(types()).to.include('reverted')
    await world.mine(2)
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)
  })
})
