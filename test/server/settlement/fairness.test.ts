import { expect } from 'chai'
import { closeTypes, streamChannelsDomain, zeroAddress, type Address, type Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { createWorld, deposit, grace, rig, type Rig, type World } from './harness.js'

const precious = { price: () => ({ wei: 10n ** 18n, tokens: 1n }) }

describe('settlement of a payer that cannot be refunded', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    await world.end()
  })

  async function consented(record: PayeeRecord, capturedAmount: bigint): Promise<PayeeRecord> {
    const payeeSignature = await world.operator.signTypedData({
      domain: streamChannelsDomain(world.deployment),
      types: closeTypes,
      primaryType: 'Close',
      message: { channelId: record.channelId, capturedAmount },
    })
    return { ...record, consent: { capturedAmount, payeeSignature } }
  }

  async function passGrace(): Promise<void> {
    await world.send('evm_increaseTime', [grace])
    await world.mine()
  }

  /** A contract that refuses the native coin has paid, and only the payee's word ends its channel. */
  async function hostile(): Promise<{
    readonly record: PayeeRecord
    readonly requestClose: () => Promise<unknown>
    readonly withdraw: () => Promise<unknown>
    readonly accept: () => Promise<unknown>
  }> {
    const contract = await world.ethers.deployContract('RevertingRecipient')
    const payer = ((await contract.getAddress()) as Address).toLowerCase() as Address
    const record = await world.open({ payer, token: zeroAddress })
    const { interface: calls } = world.channels
    const relay = (data: string) => contract.relay(world.deployment.contract, 0n, data)
    return {
      record: await consented(await world.paid(record, 800n, { spent: 600n }), 600n),
      requestClose: () => relay(calls.encodeFunctionData('requestClose', [record.channel])),
      withdraw: () => relay(calls.encodeFunctionData('withdraw', [record.channel])),
      accept: () => contract.setAccepting(true),
    }
  }

  const balance = (address: string) => world.ethers.provider.getBalance(address)

  it('claims its highest voucher when a contract refuses the refund and asks to close (I14, I6)', async () => {
    const { settler, store, events } = rig(world)
    const { record, requestClose, withdraw, accept } = await hostile()
    await store.save(record)
    const error = await settler.closeChannel(record).catch((reason: unknown) => reason)
    expect(error).to.include({ code: 'transaction-reverted' })
    await settler.tick()
    expect(await world.sent(), 'nothing is due yet').to.equal(0)

    await requestClose()
    settler.noteState(record.channelId, await world.stateOf(record.channelId))
    await settler.tick()
    expect(await balance(world.payee)).to.equal(800n)
    expect(events.map(({ type }) => type)).to.deep.equal(['refused', 'refused', 'submitted'])
    await settler.tick()
    await settler.tick()
    expect(await world.sent()).to.equal(1)

    await passGrace()
    await accept()
    await withdraw()
    expect(await balance(record.channel.payer)).to.equal(deposit - 800n)
    expect(await balance(world.payee)).to.equal(800n)
  })

  it('takes what was earned at once, and no more, while nobody asks to close (I14)', async () => {
    const { settler, store } = rig(world, { policy: precious })
    const { record } = await hostile()
    settler.noteVoucher({ ...record, accepted: 550n, signature: await world.signed(record.channelId, 550n) })
    await store.save(record)
    await settler.tick()
    await settler.tick()
    expect(await balance(world.payee)).to.equal(550n)
    expect((await world.stateOf(record.channelId)).closed).to.equal(false)
  })

  it('claims after a close that passed its simulation fails on the chain, and does not pay for it twice (I14)', async () => {
    const { settler, store } = rig(world)
    const contract = await world.ethers.deployContract('RevertingRecipient')
    const payer = ((await contract.getAddress()) as Address).toLowerCase() as Address
    const opened = await world.open({ payer, token: zeroAddress })
    const record = await consented(await world.paid(opened, 800n, { spent: 600n }), 600n)
    const request = world.channels.interface.encodeFunctionData('requestClose', [record.channel])
    await contract.relay(world.deployment.contract, 0n, request)
    await contract.setAccepting(true)
    await store.save({ ...record, ...(await world.stateOf(record.channelId)) })
    await world.automine(false)
    await settler.tick()
    // It was willing as long as it was only asked, and turns before the close arrives.
    await contract.setAccepting(false, { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n })
    expect((await store.outbox.open()).map(({ purpose }) => purpose.kind)).to.deep.equal(['close'])
    await world.mine()
    expect(await balance(world.payee)).to.equal(0n)
    await settler.tick()
    await world.mine()
    expect(await balance(world.payee)).to.equal(800n)
    await settler.tick()
    await world.mine(2)
    await settler.tick()
    expect(await world.sent()).to.equal(2)
  })

  it('spends three million gas on a refund and no more: a payer that burns it cannot make a close dear (I14)', async () => {
    const { settler, store } = rig(world)
    const { interface: calls } = world.channels
    const paid: PayeeRecord[] = []
    for (const appetite of [2_500_000n, 3_000_000n]) {
      const burner = await world.ethers.deployContract('GasBurningRecipient')
      await burner.setAppetite(appetite)
      const payer = ((await burner.getAddress()) as Address).toLowerCase() as Address
      const opened = await world.open({ payer, token: zeroAddress })
      const record = await consented(await world.paid(opened, 800n, { spent: 600n }), 600n)
      const data = calls.encodeFunctionData('requestClose', [record.channel])
      await burner.relay(world.deployment.contract, 0n, data)
      paid.push({ ...record, ...(await world.stateOf(record.channelId)) })
    }
    const [frugal, greedy] = paid
    if (frugal === undefined || greedy === undefined) throw new Error('two payers')
    // The chain itself would take it, at the cost of whoever submits it.
    const { channel, signature, consent } = greedy
    await world.channels.close.staticCall(channel, 800n, 600n, signature, consent?.payeeSignature ?? '0x', {
      gasLimit: 10_000_000n,
    })
    for (const record of paid) await store.save(record)
    await settler.tick()
    const claimed = async ({ channelId }: PayeeRecord) => {
      const state = await world.stateOf(channelId)
      return [state.claimed, state.closed]
    }
    expect(await claimed(frugal), 'ended at what was spent').to.deep.equal([600n, true])
    expect(await claimed(greedy), 'claimed').to.deep.equal([800n, false])
    await world.mine(2)
    await settler.tick()
    const used = (await store.outbox.finished(0)).map(({ purpose, inclusion }) => [
      purpose.kind,
      (inclusion?.gasUsed ?? 0n) > 2_500_000n,
      (inclusion?.gasUsed ?? 0n) < 3_000_000n,
    ])
    expect(used).to.have.deep.members([
      ['close', true, true],
      ['claim', false, true],
    ])
  })

  it('claims from a payer that the token has blacklisted (I14, I6)', async () => {
    const { settler, store } = rig(world)
    const token = await world.ethers.deployContract('UsdcLikeToken')
    await token.mint(world.payer.address, deposit)
    await token.approve(world.deployment.contract, deposit)
    const opened = await world.open({ token: (await token.getAddress()).toLowerCase() as Hex })
    const record = await consented(await world.paid(opened, 800n, { spent: 600n }), 600n)
    await world.channels.requestClose(record.channel)
    await token.setBlacklisted(world.payer.address, true)
    await store.save({ ...record, ...(await world.stateOf(record.channelId)) })
    await settler.tick()
    expect(await token.balanceOf(world.payee)).to.equal(800n)
    await passGrace()
    await token.setBlacklisted(world.payer.address, false)
    await world.channels.withdraw(record.channel)
    expect(await token.balanceOf(world.payer.address)).to.equal(deposit - 800n)
  })
})

describe('settlement of vouchers that run ahead', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    await world.end()
  })

  /** Takes a voucher in as a running payee does. */
  async function take(
    { settler, store }: Rig,
    record: PayeeRecord,
    accepted: bigint,
    spent: bigint,
  ): Promise<PayeeRecord> {
    const paid = await world.paid(record, accepted, { spent })
    await store.save(paid)
    settler.noteVoucher(paid)
    return paid
  }

  it('claims mid-stream what was earned; the close after it captures exactly what was spent', async () => {
    const made = rig(world, { policy: precious })
    const { settler } = made
    const opened = await world.open()
    await take(made, opened, 400n, 100n)
    await take(made, opened, 500n, 300n)
    const record = await take(made, opened, 900n, 640n)
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)

    const before = await world.token.balanceOf(world.payer.address)
    await settler.closeChannel(record)
    expect(await world.paidOut()).to.equal(640n)
    expect((await world.token.balanceOf(world.payer.address)) - before).to.equal(deposit - 640n)
  })

  it('leaves what is only paid ahead, with a reason, also when it is old', async () => {
    const made = rig(world, { policy: { ...precious, maxAgeSeconds: 600 } })
    const record = await take(made, await world.open(), 900n, 0n)
    await world.send('evm_increaseTime', [601])
    await world.mine()
    await made.settler.tick()
    expect(await world.sent()).to.equal(0)
    expect(made.settler.status().skipped).to.deep.equal([
      { channelId: record.channelId, reason: 'unearned', amount: 900n, atSeconds: undefined },
    ])
  })

  it('waits after a restart until delivery has reached a voucher it knows', async () => {
    const before = rig(world, { policy: precious })
    const opened = await world.open()
    await take(before, opened, 400n, 100n)
    const stored = await take(before, opened, 900n, 640n)
    const after = rig(world, { policy: precious, disk: before.disk })
    await after.settler.tick()
    expect(await world.sent()).to.equal(0)
    await take(after, stored, 1_500n, 1_000n)
    await after.settler.tick()
    expect(await world.paidOut()).to.equal(900n)
  })

  it('says by which voucher it claimed when asked', async () => {
    const made = rig(world)
    const known = await world.open()
    await take(made, known, 400n, 100n)
    await take(made, known, 900n, 640n)
    const unknown = await world.paid(await world.open(), 70n, { spent: 60n })
    await made.store.save(unknown)
    const { claimed } = await made.settler.settle()
    expect(claimed).to.have.deep.members([
      { channelId: known.channelId, amount: 400n, voucher: 'earned' },
      { channelId: unknown.channelId, amount: 70n, voucher: 'accepted' },
    ])
    expect(await world.paidOut()).to.equal(470n)
  })

  it('answers a requested close by ending the channel at what was spent, within a block (I22)', async () => {
    const made = rig(world)
    const record = await take(made, await world.open(), 900n, 640n)
    await world.channels.requestClose(record.channel)
    made.settler.noteState(record.channelId, await world.stateOf(record.channelId))
    const before = await world.token.balanceOf(world.payer.address)
    await made.settler.tick()
    expect(await world.paidOut()).to.equal(640n)
    expect((await world.token.balanceOf(world.payer.address)) - before).to.equal(deposit - 640n)
    expect((await world.stateOf(record.channelId)).closed).to.equal(true)
    expect(await world.sent()).to.equal(1)
  })
})
