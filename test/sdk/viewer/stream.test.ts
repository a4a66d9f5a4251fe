import { expect } from 'chai'
import type { SluiceError } from '@sluice/sdk'
import type { Player } from '../../../sdk/dist/viewer/player.js'
import { channelId, payerRecord } from '../session/world.js'
import { codeOf, createViewer, watch } from './viewer.js'

describe('a stream', () => {
  it('pays once it plays, says so, and stands still when paused', async () => {
    const { world, stream } = createViewer()
    const meters: bigint[] = []
    stream.on('meter', ({ spent }) => meters.push(spent))
    await world.clock.advance(500)
    expect(await world.stream(5)).to.equal(0)
    stream.play()
    await world.clock.advance(100)
    expect(await world.stream(50)).to.equal(50)
    expect(stream.record().units).to.equal(5_000n)
    // The meter speaks once a second.
    const last = meters.at(-1) ?? 0n
    expect(last > 8_000n && last <= 10_000n).to.equal(true)
    stream.pause()
    await world.clock.advance(100)
    expect(await world.stream(50)).to.equal(0)
  })

  it('writes amounts for people', () => {
    const { stream } = createViewer()
    expect(stream.format(1_500_000n)).to.equal('1.5 USDC')
    expect(stream.channelId).to.equal(channelId)
  })

  it('follows a player and lets go of it', async () => {
    const { world, stream } = createViewer()
    await world.clock.advance(500)
    const listeners = new Map<string, () => void>()
    const player: Player & { currentTime: number } = {
      currentTime: 0,
      paused: false,
      addEventListener: (name, listener) => listeners.set(name, listener),
      removeEventListener: (name) => listeners.delete(name),
    }
    const end = stream.follow(player)
    await world.clock.advance(1_000)
    player.currentTime = 1
    listeners.get('timeupdate')?.()
    expect(stream.record().units).to.equal(1_000n)
    listeners.get('waiting')?.()
    await world.clock.advance(10)
    expect(await world.stream(3), 'what it waits for').to.equal(3)
    listeners.get('pause')?.()
    await world.clock.advance(10)
    expect(await world.stream(3)).to.equal(0)
    end()
    expect(listeners.size).to.equal(0)
  })

  it('hands on data, the gate and receipts', async () => {
    const { world, stream } = createViewer()
    const heard: string[] = []
    stream.on('joined', ({ resumed }) => heard.push(`joined ${resumed}`))
    stream.on('media', ({ open, reason }) => heard.push(`gate ${open} ${reason}`))
    const unlisten = stream.on('data', ({ payload }) => heard.push(`data ${String(payload)}`))
    stream.on('receipt', ({ spent }) => heard.push(`receipt ${spent}`))
    await world.clock.advance(500)
    stream.play()
    await world.clock.advance(100)
    await world.stream(2)
    unlisten()
    await world.stream(120)
    expect(heard.slice(0, 5)).to.deep.equal([
      'joined false',
      'gate false unpaid',
      'gate true paid',
      'data 0',
      'data 1',
    ])
    expect(heard.filter((line) => line.startsWith('receipt'))).to.have.length.greaterThan(0)
    expect(heard.filter((line) => line.startsWith('data'))).to.have.length(2)
  })

  describe('tipping', () => {
    it('resolves when the payee has stored the tip, not before', async () => {
      const { world, stream } = createViewer()
      const confirmed: string[] = []
      stream.on('tipped', ({ id }) => confirmed.push(id))
      await world.clock.advance(500)
      const tip = watch(stream.tip('0.05', 'gg!'))
      expect(tip.done).to.equal(false)
      await world.clock.advance(10)
      expect(tip).to.deep.include({ done: true, value: undefined })
      expect(world.disk.stored).to.have.length(1)
      expect(world.disk.stored[0]).to.include({ amount: 50_000n, message: 'gg!', id: 'tip-1' })
      expect(confirmed).to.deep.equal(['tip-1'])
    })

    it('waits through a lost connection and resolves once (I19)', async () => {
      let deaf = false
      const { world, stream } = createViewer({
        fate: (frame) => (deaf && frame.includes('tipId') ? [] : [0]),
      })
      await world.clock.advance(500)
      deaf = true
      const tip = watch(stream.tip('0.05'))
      await world.clock.advance(1_500)
      expect(world.disk.stored).to.have.length(1)
      expect(tip.done).to.equal(false)
      world.cut()
      deaf = false
      await world.clock.advance(5_000)
      expect(tip.done).to.equal(true)
      expect(world.disk.stored).to.have.length(1)
    })

    it('refuses what the budget does not hold, with both numbers, and what is no amount', async () => {
      const { world, stream } = createViewer({ record: payerRecord({ budget: 40_000n }) })
      await world.clock.advance(500)
      const tooMuch = watch(stream.tip('0.040001'))
      const nothing = watch(stream.tip('0'))
      const nonsense = watch(stream.tip('ten'))
      await world.clock.advance(0)
      expect(codeOf(tooMuch.error)).to.equal('budget-spent')
      expect((tooMuch.error as SluiceError).details).to.equal('tip of 40001, left 40000')
      expect(codeOf(nothing.error)).to.equal('budget-spent')
      expect(codeOf(nonsense.error)).to.equal('invalid-argument')
    })

    it('refuses what the burst of the channel does not hold, with both numbers', async () => {
      const { world, stream } = createViewer()
      await world.clock.advance(500)
      const allowed = watch(stream.tip('0.074'))
      await world.clock.advance(100)
      expect(allowed).to.deep.include({ done: true })
      const over = watch(stream.tip('0.000001'))
      await world.clock.advance(0)
      expect(codeOf(over.error)).to.equal('amount-exceeds-rate')
      expect((over.error as SluiceError).details).to.equal('tip of 1, tips still allowed 0')
    })
  })

  it('topping up raises deposit and budget, and an empty stream goes on', async () => {
    const { world, stream } = createViewer({ record: payerRecord({ budget: 20_000n }) })
    const problems: string[] = []
    stream.on('problem', ({ code }) => problems.push(code))
    await world.clock.advance(500)
    stream.play()
    await world.clock.advance(100)
    await world.stream(200)
    expect(problems).to.include('budget-spent')
    expect(stream.record().signed).to.equal(20_000n)
    await stream.topUp('0.5')
    expect(stream.record()).to.include({ deposited: 1_500_000n, budget: 520_000n })
    await world.clock.advance(500)
    expect(await world.stream(20)).to.equal(20)
    const negative = watch(stream.topUp('-1'))
    await world.clock.advance(0)
    expect(codeOf(negative.error)).to.equal('invalid-argument')
    expect(stream.record().budget).to.equal(520_000n)
  })

  it('leaving keeps the channel for later', async () => {
    const { world, stream } = createViewer()
    await world.clock.advance(500)
    stream.play()
    await world.clock.advance(100)
    await world.stream(10)
    stream.leave()
    await world.clock.advance(5_000)
    expect(await world.stream(5)).to.equal(0)
    expect((await world.payerStore.get(channelId))?.closed).to.equal(false)
    await world.restartPayer()
    await world.clock.advance(1_000)
    expect(await world.stream(5)).to.equal(5)
  })
})
