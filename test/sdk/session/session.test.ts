import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import { createMemoryStore } from '@sluice/sdk/session'
import { channelId, createWorld, operator, payerRecord, problemsOf, verifier } from './world.js'

describe('a session', () => {
  it('pays ahead by the window while the feed runs, and never more (I17)', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    const granted = await world.stream(300)
    expect(granted).to.equal(300)
    const record = world.disk.records.get(channelId)
    expect(record?.spent).to.equal(60_000n)
    expect(record?.units).to.equal(30_000n)
    const signed = world.payer().record().signed
    expect(signed >= 60_000n && signed <= 80_000n).to.equal(true)
    expect(record?.accepted).to.equal(signed)
    expect(problemsOf(world)).to.deep.equal([])
    expect(world.faults).to.deep.equal([])
  })

  it('delivers nothing before the first voucher, so that a new channel buys nothing for nothing (I15)', async () => {
    const world = createWorld()
    world.payer().start()
    await world.clock.advance(500)
    expect(await world.stream(10)).to.equal(0)
    world.payer().media(true, 'viewer')
    await world.clock.advance(100)
    expect(await world.stream(10)).to.equal(10)
  })

  it('goes on for the credit and no further when vouchers stop (I15)', async () => {
    let mute = false
    const world = createWorld({ fate: (frame) => (mute && frame.includes('"voucher"') ? [] : [0]) })
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(20)
    mute = true
    const accepted = world.disk.records.get(channelId)?.accepted ?? 0n
    await world.stream(300)
    const spent = world.disk.records.get(channelId)?.spent ?? 0n
    expect(world.disk.records.get(channelId)?.accepted).to.equal(accepted)
    expect(spent > accepted).to.equal(true)
    expect(spent <= accepted + 6000n).to.equal(true)
    mute = false
    await world.clock.advance(5000)
    expect(await world.stream(10)).to.equal(10)
  })

  it('sends a piece before anything that counts it, so that it is not counted twice', async () => {
    const said: string[] = []
    const world = createWorld({
      fate: (frame) => {
        said.push(frame)
        return [0]
      },
    })
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    const [session] = world.joined
    const record = world.disk.records.get(channelId)
    if (session === undefined || record === undefined) throw new Error('nobody joined')
    said.length = 0
    const granted = session.sendData(100n, 'a piece')
    // The same voucher once more is answered at once, by how much was delivered.
    const { accepted: cumulative, signature } = record
    session.channel.receive(session.id, { type: 'voucher', channelId, cumulative, signature })
    expect(await granted).to.equal(true)
    await world.clock.advance(10)
    const kinds = said.map((frame) => /"type":"(\w+)"/.exec(frame)?.[1])
    expect(kinds.slice(0, 2)).to.deep.equal(['data', 'ack'])
    expect(said[1]).to.include('"units":"100"')
    expect(world.payer().record().units <= 100n).to.equal(true)
  })

  it('stops the meter while the player stands still', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(50)
    world.payer().media(false, 'hidden')
    await world.clock.advance(100)
    const before = world.payer().record().signed
    expect(await world.stream(100)).to.equal(0)
    expect(world.payer().record().signed).to.equal(before)
    world.payer().media(true, 'viewer')
    await world.clock.advance(100)
    expect(await world.stream(10)).to.equal(10)
  })

  it('tips once, even when the tip is sent again after a cut (I19)', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(10)
    world.payer().tip({ id: 'tip-1', amount: 50_000n, message: 'gg!' })
    await world.clock.advance(10)
    world.cut()
    await world.clock.advance(5000)
    expect(world.disk.stored).to.have.length(1)
    expect(world.disk.records.get(channelId)?.tipped).to.equal(50_000n)
    expect(world.payer().record().pendingTips).to.deep.equal([])
  })

  it('resumes after a cut without losing a voucher', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(50)
    const signed = world.payer().record().signed
    world.cut()
    await world.clock.advance(3000)
    expect(await world.stream(50)).to.equal(50)
    expect(world.payer().record().signed >= signed).to.equal(true)
    expect(world.disk.records.get(channelId)?.units).to.equal(10_000n)
  })

  it('resumes when the payee was restarted (I16)', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(50)
    const accepted = world.disk.records.get(channelId)?.accepted ?? 0n
    world.restartPayee()
    await world.clock.advance(3000)
    expect(await world.stream(20)).to.equal(20)
    const record = world.disk.records.get(channelId)
    expect((record?.accepted ?? 0n) >= accepted).to.equal(true)
    expect(record?.units).to.equal(7000n)
  })

  it('never signs below its highest after a restart, even from an old copy of its store (I18)', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(50)
    const signed = world.payer().record().signed
    const old = createMemoryStore()
    await old.put(payerRecord())
    await world.restartPayer(old)
    await world.clock.advance(3000)
    expect(world.payer().record().signed >= signed).to.equal(true)
    expect(await world.stream(20)).to.equal(20)
  })

  it('answers what a connection sent before it lets the next one in, which may know nothing of it', async () => {
    let holds = false
    let finish: (() => void) | undefined
    const world = createWorld({
      verifyVoucher: (...voucher) =>
        holds
          ? new Promise((resolve) => {
              finish = () => {
                resolve(verifier.verifyVoucher(...voucher))
              }
            })
          : verifier.verifyVoucher(...voucher),
    })
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(50)
    const old = createMemoryStore()
    await old.put(world.payer().record())
    holds = true
    world.payer().tip({ id: 'tip-1', amount: 55_000n, message: '' })
    await world.clock.advance(10)
    expect(finish).not.to.equal(undefined)
    await world.restartPayer(old)
    await world.clock.advance(1_000)
    expect(world.payer().state().phase).to.equal('joining')
    expect(await world.stream(5)).to.equal(0)
    holds = false
    finish?.()
    await world.clock.advance(100)
    expect(world.payer().state().phase).to.equal('joined')
    expect(world.disk.records.get(channelId)?.tipped).to.equal(55_000n)
    // It is older than the tip, and learns of it before anything counts it.
    expect(world.payer().record().tipped).to.equal(55_000n)
    expect(await world.stream(50)).to.equal(50)
    expect(problemsOf(world)).to.deep.equal([])
  })

  it('lets the newest of two tabs win and tells the other', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    const first = world.payer()
    const other = await world.secondTab()
    other.start()
    await world.clock.advance(500)
    expect(problemsOf(world)).to.include('second-tab')
    expect(first.state().phase).to.equal('displaced')
  })

  it('closes at exactly what was spent, with a consent the contract will accept', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(73)
    world.payer().stop()
    await world.clock.advance(500)
    const closed = world.events.find((event) => event.type === 'closed')
    expect(closed?.capturedAmount).to.equal(14_600n)
    expect(
      await verifier.verifyClose(operator.address, channelId, 14_600n, closed?.payeeSignature ?? '0x'),
    ).to.equal(true)
    expect(world.settlements).to.include('close')
    const receipt = world.payer().record().receipt
    expect(receipt?.spent).to.equal(14_600n)
    expect(world.payer().state().phase).to.equal('stopped')
  })

  it('keeps one machine of a channel while its consent is signed, whoever leaves and comes back (I20)', async () => {
    let finish: (() => void) | undefined
    const world = createWorld({
      signClose: (id, amount) =>
        new Promise((resolve) => {
          finish = () => {
            void Promise.resolve(operator.signClose(id, amount)).then(resolve)
          }
        }),
    })
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(50)
    // Nothing is unsettled, so nothing but the signature keeps the channel.
    world.chain.state = { ...world.chain.state, claimed: world.disk.records.get(channelId)?.accepted ?? 0n }
    await world.hub().onChain(channelId, world.chain.state)
    const before = await world.hub().channel(channelId)
    world.payer().stop()
    await world.clock.advance(100)
    expect(finish).not.to.equal(undefined)
    world.reachable(false)
    world.cut()
    await world.clock.advance(100)
    expect(await world.hub().channel(channelId)).to.equal(before)
    finish?.()
    await world.clock.advance(100)
    expect(world.disk.records.get(channelId)?.consent).not.to.equal(undefined)
    // Once it is durable the channel is let go, and its successor starts from the consent.
    const after = await world.hub().channel(channelId)
    expect(after).not.to.equal(before)
    expect(after?.record()).to.deep.equal(world.disk.records.get(channelId))
    expect(world.faults).to.deep.equal([])
  })

  it('says that the budget runs low, then that it is spent, and goes on after a top-up', async () => {
    const world = createWorld({ record: payerRecord({ budget: 40_000n }) })
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(300)
    expect(problemsOf(world)).to.include.members(['budget-low', 'budget-spent'])
    expect(world.payer().record().signed).to.equal(40_000n)
    world.payer().fund({ deposited: 1_000_000n, budget: 90_000n })
    await world.clock.advance(500)
    expect(await world.stream(50)).to.equal(50)
  })

  it('says that the payee is offline after fifteen seconds, and pays nothing meanwhile', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(20)
    const signed = world.payer().record().signed
    world.reachable(false)
    world.cut()
    await world.clock.advance(40_000)
    expect(problemsOf(world)).to.include('payee-offline')
    expect(world.payer().record().signed).to.equal(signed)
    world.reachable(true)
    await world.clock.advance(20_000)
    expect(await world.stream(10)).to.equal(10)
  })

  it('takes no voucher and delivers nothing once the payer asked the chain to close', async () => {
    const world = createWorld()
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    await world.stream(20)
    world.chain.state = { ...world.chain.state, closeRequestedAt: Math.floor(world.clock.now() / 1000) }
    await world.hub().onChain(channelId, world.chain.state)
    await world.clock.advance(10)
    expect(world.settlements).to.deep.equal(['close-requested'])
    const accepted = world.disk.records.get(channelId)?.accepted
    expect(await world.stream(20)).to.equal(0)
    expect(world.disk.records.get(channelId)?.accepted).to.equal(accepted)
  })

  it('comes back no sooner than the payee asks, and then goes on', async () => {
    const world = createWorld()
    const busy = { code: 'payee-offline', message: 'Later.', retryAfterMs: 20_000 } as const
    world.reachable(new SluiceError(busy))
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(100)
    world.reachable(true)
    await world.clock.advance(19_800)
    expect(world.payer().state().phase).to.equal('offline')
    await world.clock.advance(500)
    expect(world.payer().state().phase).to.equal('joined')
  })

  it('refuses a payee that changed its price', async () => {
    const record = payerRecord()
    const world = createWorld({ record: { ...record, offer: { ...record.offer, price: 1000n } } })
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(500)
    expect(problemsOf(world)).to.deep.equal(['offer-changed'])
    expect(world.payer().record().signed).to.equal(0n)
  })

  it('admits a channel once when two connections open it while the chain is slow (I16)', async () => {
    const world = createWorld()
    let answerMs = 200
    world.chain.read = () =>
      new Promise((resolve) => {
        world.clock.schedule((answerMs -= 50), () => {
          resolve(world.chain.state)
        })
      })
    world.payer().start()
    world.payer().media(true, 'viewer')
    await world.clock.advance(20)
    const other = await world.secondTab()
    other.start()
    other.media(true, 'viewer')
    await world.clock.advance(1_000)
    const saves = world.disk.saves.map(({ accepted }) => accepted)
    expect(saves.filter((accepted) => accepted === 0n)).to.have.length(1)
    expect(saves.at(-1)).to.equal(20_000n)
    expect(world.faults).to.deep.equal([])
  })
})
