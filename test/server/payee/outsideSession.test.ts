import { expect } from 'chai'
import { createMemoryPair, createPayeeHub, type PayeeHub, type PayeeStore } from '@sluice/sdk/session'
import { createMemoryDisk, createMemoryStore, type ServerStore } from '@sluice/server'
import {
  channel,
  channelId,
  channelIdOf,
  offer,
  operator,
  verifier,
  voucherSigner,
} from '../../sdk/session/parties.js'
import { createVirtualClock, settle } from '../../support/virtualClock.js'

const opened = {
  deposited: 1_000_000n,
  claimed: 0n,
  openedAt: 1_700_000_000,
  closeRequestedAt: 0,
  closed: false,
}

describe('a channel that is paid outside a session', () => {
  const clock = createVirtualClock()
  let memory: ServerStore
  const faults: string[] = []

  function hubOn(store: PayeeStore): PayeeHub {
    return createPayeeHub({
      offer,
      store,
      chain: { channelState: () => Promise.resolve(opened) },
      verifier,
      operator,
      clock,
      random: (length) => new Uint8Array(length),
      channelId: channelIdOf,
      limits: { framesPerSecond: 50, burst: 100 },
      hooks: { onFault: (error) => faults.push(error.code) },
    })
  }
  const voucher = async (cumulative: bigint) => ({
    channelId,
    cumulative,
    signature: await voucherSigner.signVoucher(channelId, cumulative),
  })

  beforeEach(() => {
    faults.length = 0
    memory = createMemoryStore({ clock, disk: createMemoryDisk() })
  })

  it('has one machine, however loading and admitting meet (I20)', async () => {
    let tipsAsked: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (tipsAsked = resolve))
    let giveTips: () => void = () => undefined
    const given = new Promise<void>((resolve) => (giveTips = resolve))
    const store: PayeeStore = {
      ...memory,
      save: async (record) => {
        await memory.save(record)
        // The chain's watcher asks for the channel between its first save and its first use.
        loaded = hub.channel(channelId)
        await asked
      },
      tips: async (id) => {
        tipsAsked()
        await given
        return memory.tips(id)
      },
    }
    let loaded: ReturnType<PayeeHub['channel']> | undefined
    const hub = hubOn(store)
    const admitted = await hub.admit(channel)
    giveTips()
    expect(await loaded).to.equal(admitted)
    expect(await hub.channel(channelId)).to.equal(admitted)
  })

  it('takes a voucher once, tells equal and lower ones apart, and refuses bad ones', async () => {
    const admitted = await hubOn(memory).admit(channel)
    expect(await admitted.grant(await voucher(500n))).to.deep.equal({ kind: 'accepted' })
    expect((await memory.load(channelId))?.accepted).to.equal(500n)
    expect(await admitted.grant(await voucher(500n))).to.deep.equal({ kind: 'equal' })
    expect(await admitted.grant(await voucher(400n))).to.deep.equal({ kind: 'lower' })
    const forged = { ...(await voucher(600n)), cumulative: 601n }
    expect(await admitted.grant(forged)).to.include({ kind: 'refused', code: 'invalid-signature' })
    const huge = await admitted.grant(await voucher(opened.deposited + 1n))
    expect(huge).to.include({ kind: 'refused', code: 'amount-exceeds-deposit' })
    expect((await memory.load(channelId))?.accepted).to.equal(500n)
  })

  it('sells only what is paid in full, never on credit, and never one increment twice (I15, I20)', async () => {
    const admitted = await hubOn(memory).admit(channel)
    await admitted.grant(await voucher(500n))
    const sales = await Promise.all([200n, 200n, 200n, 100n, 1n].map((amount) => admitted.charge(amount, 0n)))
    expect(sales).to.deep.equal([true, true, false, true, false])
    expect(await memory.load(channelId)).to.include({ accepted: 500n, spent: 500n })
  })

  it('sells nothing once the payer asked to close or both agreed to (I6)', async () => {
    const hub = hubOn(memory)
    const admitted = await hub.admit(channel)
    await admitted.grant(await voucher(500n))
    await hub.onChain(channelId, { ...opened, closeRequestedAt: 1_700_000_100 })
    expect(await admitted.charge(1n, 0n)).to.equal(false)
    await hub.onChain(channelId, opened)
    expect(await admitted.charge(100n, 0n)).to.equal(true)
    const { consent } = await admitted.end()
    expect(consent?.capturedAmount).to.equal(100n)
    expect(await memory.load(channelId)).to.deep.include({ consent })
    expect(await admitted.charge(1n, 0n)).to.equal(false)
  })

  const fullDisks: Record<string, (error: Error) => Promise<void>> = {
    rejects: (error) => Promise.reject(error),
    'throws at once': (error) => {
      throw error
    },
  }
  for (const [how, fail] of Object.entries(fullDisks)) {
    it(`says no when the disk is full and ${how}, and is loaded anew from what the disk has (I16)`, async () => {
      const state = { full: false }
      const hub = hubOn({
        ...memory,
        save: (record, tip) =>
          state.full ? fail(new Error('no space left on device')) : memory.save(record, tip),
      })
      const admitted = await hub.admit(channel)
      await admitted.grant(await voucher(500n))
      state.full = true
      expect(await admitted.grant(await voucher(600n))).to.include({ kind: 'refused', code: 'store-failed' })
      expect(await admitted.charge(100n, 0n)).to.equal(false)
      state.full = false
      const again = await hub.channel(channelId)
      expect(again).not.to.equal(admitted)
      expect(again?.record()).to.include({ accepted: 500n, spent: 0n })
      expect(await again?.grant(await voucher(600n))).to.deep.equal({ kind: 'accepted' })
      expect((await memory.load(channelId))?.accepted).to.equal(600n)
      expect(faults).not.to.deep.equal([])
    })
  }

  it('never lets claimed fall in a record when a reorganisation takes a claim back (I3, I24)', async () => {
    const hub = hubOn(memory)
    const admitted = await hub.admit(channel)
    await admitted.grant(await voucher(500n))
    await hub.onChain(channelId, { ...opened, claimed: 500n })
    await hub.onChain(channelId, opened)
    await settle()
    expect((await memory.load(channelId))?.claimed).to.equal(500n)
    expect(faults).to.deep.equal([])
    expect(await admitted.grant(await voucher(700n))).to.deep.equal({ kind: 'accepted' })
  })

  it('stays in memory while it is used and leaves it when its session is over', async () => {
    const hub = hubOn(memory)
    const admitted = await hub.admit(channel)
    const release = hub.retain(admitted)
    const [near, far] = createMemoryPair({ clock })
    hub.accept(far)
    const challenge = `0x${'00'.repeat(32)}` as const
    const signature = await voucherSigner.signSession(channelId, challenge)
    const terms = { ...channel, rate: String(channel.rate), burst: String(channel.burst) }
    near.send(JSON.stringify({ v: 1, type: 'open', channel: terms, signature }))
    await clock.advance(10)
    expect(hub.sessions().length).to.equal(1)
    near.close('bye')
    await clock.advance(10)
    expect(await hub.channel(channelId)).to.equal(admitted)
    release()
    expect(await hub.channel(channelId)).not.to.equal(admitted)
  })
})
