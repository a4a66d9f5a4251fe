import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import {
  SluiceError,
  closeTypes,
  createSignatureVerifier,
  streamChannelsDomain,
  zeroAddress,
  type Address,
  type Hex,
} from '@sluice/sdk'
import { loadNodeCrypto } from '@sluice/sdk/node'
import { createWorld, deposit, grace, rig, type World } from './harness.js'

/** A token is worth so much that every claim pays for its gas, or so little that none does. */
const precious = { price: () => ({ wei: 10n ** 18n, tokens: 1n }) }
const worthless = { price: () => ({ wei: 1n, tokens: 10n ** 18n }) }

describe('settler', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    await world.end()
  })

  it('claims a batch worth its gas in one transaction, exact to the base unit', async () => {
    const { settler, store, types } = rig(world, { policy: precious })
    const records = []
    for (const amount of [1n, 999_999n, deposit, 500_000n]) {
      records.push(await world.paid(await world.open(), amount))
    }
    for (const record of records) await store.save(record)
    await settler.tick()
    expect(await world.paidOut()).to.equal(2_500_000n)
    expect(await world.sent()).to.equal(1)
    for (const record of records)
      expect((await world.stateOf(record.channelId)).claimed).to.equal(record.accepted)
    await world.mine()
    await settler.tick()
    expect(types()).to.deep.equal(['submitted', 'confirmed'])
  })

  it('splits by payee, operator and token, and by the size limit', async () => {
    const { settler, store } = rig(world, { policy: { ...precious, maxBatch: 2 } })
    const other = privateKeyToAccount(generatePrivateKey()).address
    for (let index = 0; index < 3; index += 1) await store.save(await world.paid(await world.open(), 10n))
    await store.save(await world.paid(await world.open({ token: zeroAddress }), 20n))
    await store.save(await world.paid(await world.open({ payee: other }), 30n))
    await settler.tick()
    expect(await world.sent()).to.equal(4)
    expect(await world.paidOut()).to.equal(30n)
    expect(await world.ethers.provider.getBalance(world.payee)).to.equal(20n)
    expect(await world.token.balanceOf(other)).to.equal(30n)
  })

  it('leaves what is not worth its gas, and settles it when asked', async () => {
    const { settler, store } = rig(world, { policy: worthless })
    const record = await world.paid(await world.open(), 500n)
    await store.save(record)
    await settler.tick()
    expect(await world.sent()).to.equal(0)
    expect(settler.status().skipped).to.deep.equal([
      { channelId: record.channelId, reason: 'not-worth-it', amount: 500n, atSeconds: undefined },
    ])
    const report = await settler.settle([record.channelId])
    expect(report.submitted.map(({ purpose }) => purpose.channels)).to.deep.equal([
      [{ channelId: record.channelId, amount: 500n }],
    ])
    expect(await world.paidOut()).to.equal(500n)
  })

  it('settles what is old enough although its price is unknown', async () => {
    const { settler, store } = rig(world, { policy: { maxAgeSeconds: 600 } })
    await store.save(await world.paid(await world.open(), 500n))
    await settler.tick()
    expect(await world.sent()).to.equal(0)
    await world.send('evm_increaseTime', [601])
    await world.mine()
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)
  })

  it('does not pay gas twice for what is under way or already claimed', async () => {
    const { settler, store } = rig(world, { policy: precious })
    const record = await world.paid(await world.open(), 500n)
    await store.save(record)
    await world.automine(false)
    await settler.tick()
    await settler.tick()
    await settler.settle()
    await world.mine()
    await settler.tick()
    await world.mine()
    // The stored record still says nothing was claimed: the chain is asked before anything is sent.
    await settler.tick()
    expect(await world.sent()).to.equal(1)
    expect((await store.outbox.finished(0)).map(({ status }) => status)).to.deep.equal(['confirmed'])
  })

  it('takes a bad voucher out, reports it, and settles the rest of the batch', async () => {
    const { settler, store, events } = rig(world, { policy: precious })
    const thief = privateKeyToAccount(generatePrivateKey())
    const bad = await world.open()
    const signature = await world.signed(bad.channelId, 77n, thief)
    for (let index = 0; index < 6; index += 1) {
      await store.save(await world.paid(await world.open(), 100n))
      if (index === 2) await store.save({ ...bad, accepted: 77n, spent: 77n, signature })
    }
    await settler.tick()
    expect(await world.paidOut()).to.equal(600n)
    expect(await world.sent()).to.equal(1)
    const refused = events.filter(({ type }) => type === 'refused')
    expect(refused).to.have.length(1)
    expect(refused[0]).to.deep.include({ channelId: bad.channelId, amount: 77n })
    expect(settler.status().refused[0]?.reason).to.contain('InvalidVoucher').and.contain('77')
    await settler.tick()
    expect(events.filter(({ type }) => type === 'refused')).to.have.length(1)
  })

  it('brings a signature into the form the contract takes', async () => {
    const crypto = await loadNodeCrypto()
    const { normalizeVoucher } = createSignatureVerifier(crypto, world.deployment)
    const { settler, store } = rig(world, { policy: precious, normalizeVoucher })
    const record = await world.paid(await world.open(), 500n)
    // The payee does not look at the recovery bit, the contract does.
    const bit = record.signature.endsWith('1b') ? '1c' : '1b'
    await store.save({ ...record, signature: `${record.signature.slice(0, -2)}${bit}` as Hex })
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)
  })

  it('leaves a voucher above the deposit and picks one above the rate up when the rate allows it', async () => {
    const { settler, store } = rig(world, { policy: precious })
    const above = await world.paid(await world.open(), deposit + 1n)
    const slow = await world.paid(await world.open({ rate: 1n, burst: 100n }), 700n)
    await store.save(above)
    await store.save(slow)
    await settler.tick()
    expect(await world.sent()).to.equal(0)
    expect(settler.status().skipped).to.have.deep.members([
      { channelId: above.channelId, reason: 'above-deposit', amount: deposit + 1n, atSeconds: undefined },
      { channelId: slow.channelId, reason: 'above-rate', amount: 700n, atSeconds: slow.openedAt + 600 },
    ])
    await world.send('evm_increaseTime', [600])
    await world.mine()
    await settler.tick()
    expect(await world.paidOut()).to.equal(700n)
  })

  it('claims a closing channel although it is not worth its gas, and leaves dust', async () => {
    const { settler, store, events } = rig(world, { policy: { ...worthless, dust: () => 10n } })
    const money = await world.paid(await world.open(), 11n)
    const dust = await world.paid(await world.open(), 10n)
    for (const record of [money, dust]) {
      await world.channels.requestClose(record.channel)
      await store.save({
        ...record,
        closeRequestedAt: (await world.stateOf(record.channelId)).closeRequestedAt,
      })
    }
    await settler.tick()
    expect(await world.paidOut()).to.equal(11n)
    expect(settler.status().skipped.map(({ channelId, reason }) => ({ channelId, reason }))).to.deep.include({
      channelId: dust.channelId,
      reason: 'dust',
    })
    expect(settler.status().deadlines).to.have.length(2)
    expect(events.filter(({ type }) => type === 'at-risk')).to.deep.equal([])
  })

  it('warns when a deadline nears and the money is not on the chain', async () => {
    const { settler, store, events } = rig(world)
    const record = await world.paid(await world.open({ rate: 1n, burst: 0n }, 10n ** 9n), 10n ** 9n)
    await world.channels.requestClose(record.channel)
    const { closeRequestedAt } = await world.stateOf(record.channelId)
    await store.save({ ...record, closeRequestedAt })
    await world.send('evm_increaseTime', [grace - 300])
    await world.mine()
    await settler.tick()
    expect(events.filter(({ type }) => type === 'at-risk')).to.deep.equal([
      {
        type: 'at-risk',
        channelId: record.channelId,
        amount: 10n ** 9n,
        withdrawableAt: closeRequestedAt + grace,
      },
    ])
  })

  describe('cooperative close', () => {
    it('pays the delivered part, refunds the rest, and answers the same channel with the same transaction', async () => {
      const { settler, store } = rig(world)
      const record = await world.paid(await world.open(), 800n, { spent: 600n })
      await store.save(record)
      const before = await world.token.balanceOf(world.payer.address)
      await world.automine(false)
      const first = await settler.closeChannel(record)
      expect(await settler.closeChannel(record)).to.deep.equal(first)
      await world.mine(2)
      await settler.tick()
      expect((await settler.wait(first.id)).status).to.equal('confirmed')
      expect(await world.paidOut()).to.equal(600n)
      expect((await world.token.balanceOf(world.payer.address)) - before).to.equal(deposit - 600n)
      const error = await settler.closeChannel(record).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'channel-closed' })
    })

    it('uses the signed consent when another key submits, and refuses to submit without one', async () => {
      const anybody = privateKeyToAccount(generatePrivateKey())
      await world.send('hardhat_setBalance', [anybody.address, '0x8ac7230489e80000'])
      const { settler } = rig(world, { account: anybody })
      const record = await world.paid(await world.open(), 800n)
      const refused = await settler.closeChannel(record).catch((reason: unknown) => reason)
      expect(refused).to.be.instanceOf(SluiceError).and.to.include({ code: 'invalid-argument' })
      const payeeSignature = await world.operator.signTypedData({
        domain: streamChannelsDomain(world.deployment),
        types: closeTypes,
        primaryType: 'Close',
        message: { channelId: record.channelId, capturedAmount: 750n },
      })
      await settler.closeChannel({ ...record, consent: { capturedAmount: 750n, payeeSignature } })
      expect(await world.paidOut()).to.equal(750n)
    })

    it('left to a key that may not submit one: takes what was earned, and says that nothing else is possible', async () => {
      const anybody = privateKeyToAccount(generatePrivateKey())
      await world.send('hardhat_setBalance', [anybody.address, '0x8ac7230489e80000'])
      const { settler, store, events } = rig(world, { account: anybody })
      const [known, unknown] = [await world.open(), await world.open()]
      for (const record of [known, unknown]) await world.channels.requestClose(record.channel)
      const first = await world.paid(known, 400n, { spent: 100n })
      settler.noteVoucher(first)
      for (const [record, spent] of [
        [known, 640n],
        [unknown, 60n],
      ] as const) {
        const paid = await world.paid(record, 900n, { spent })
        settler.noteVoucher(paid)
        await store.save({ ...paid, ...(await world.stateOf(record.channelId)) })
      }
      await settler.tick()
      await settler.tick()
      expect(await world.paidOut()).to.equal(400n)
      expect(settler.status().refused).to.deep.equal([])
      expect(events.filter(({ type }) => type === 'refused')).to.deep.equal([])
      expect(settler.status().skipped).to.deep.include({
        channelId: unknown.channelId,
        reason: 'wrong-key',
        amount: 900n,
        atSeconds: undefined,
      })
    })

    it('never claims more than was consented to: a consented channel is closed instead', async () => {
      const { settler, store } = rig(world, { policy: precious })
      const record = await world.paid(await world.open(), 800n)
      await store.save({ ...record, consent: { capturedAmount: 500n, payeeSignature: '0x12' } })
      await world.automine(false)
      await settler.tick()
      await settler.tick()
      expect((await store.outbox.open()).map(({ purpose }) => purpose.kind)).to.deep.equal(['close'])
      await world.mine()
      expect(await world.paidOut()).to.equal(500n)
      expect((await world.stateOf(record.channelId)).closed).to.equal(true)
    })
  })

  it('claims when the payer cannot be refunded, so that refusing its money keeps nobody from theirs (I14)', async () => {
    const { settler, store } = rig(world, { policy: precious })
    const recipient = await world.ethers.deployContract('RevertingRecipient')
    const payer = (await recipient.getAddress()).toLowerCase() as Address
    const record = await world.paid(await world.open({ payer, token: zeroAddress }), 800n)
    await store.save({ ...record, consent: { capturedAmount: 500n, payeeSignature: '0x12' } })
    await settler.tick()
    const state = await world.stateOf(record.channelId)
    expect([state.claimed, state.closed]).to.deep.equal([800n, false])
    expect(await world.ethers.provider.getBalance(world.payee)).to.equal(800n)
  })

  it('sends nothing and drops nothing while the node does not answer', async () => {
    let down = false
    const client = world.client(({ method }) =>
      down && method === 'eth_call' ? Promise.reject(new Error('connection refused')) : undefined,
    )
    const { settler, store, types } = rig(world, { policy: precious, client })
    await store.save(await world.paid(await world.open(), 500n))
    down = true
    const error = await settler.tick().catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'rpc-unreachable', retryable: true })
    expect(types()).to.deep.equal(['error'])
    expect(settler.status().refused).to.deep.equal([])
    down = false
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)
  })
})
