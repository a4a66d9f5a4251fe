import { expect } from 'chai'
import { describe, it } from 'mocha'
import { machineReader } from '../../../server/dist/edge/machine.js'
import {
  createTelemetry,
  createTelemetryFeed,
  sampleBetween,
  type Reading,
} from '../../../server/dist/feeds/telemetry.js'
import { createVirtualClock } from '../../support/virtualClock.js'

const reading: Reading = {
  atMs: 1000,
  cpu: { busyMs: 100, idleMs: 300 },
  memory: { total: 8000, available: 5000 },
  temperature: 41.26,
}

describe('the telemetry feed', () => {
  it('tells the share of time the processors were busy since the sample before', () => {
    const now = { ...reading, atMs: 1100, cpu: { busyMs: 150, idleMs: 450 } }
    expect(sampleBetween(reading, now, 0)).to.deep.equal({
      kind: 'telemetry',
      atMs: 1100,
      load: 0.25,
      memoryUsed: 3000,
      memoryTotal: 8000,
      temperature: 41.3,
    })
  })

  it('keeps the load when the counters stood still, and stays within 0 and 1 when they jump', () => {
    expect(sampleBetween(reading, reading, 0.7).load).to.equal(0.7)
    const back = { ...reading, cpu: { busyMs: 90, idleMs: 500 } }
    expect(sampleBetween(reading, back, 0.7).load).to.equal(0)
  })

  it('leaves the temperature out where there is no sensor', () => {
    expect(sampleBetween(reading, { ...reading, temperature: undefined }, 0)).not.to.have.property(
      'temperature',
    )
  })

  it('reads this machine', () => {
    const sample = createTelemetry(machineReader())()
    expect(sample.memoryTotal).to.be.greaterThan(sample.memoryUsed)
    expect(sample.load).to.be.within(0, 1)
  })

  it('sends ten samples a second to each session, each for its tenth of a second', async () => {
    const clock = createVirtualClock()
    let reads = 0
    const read = (): Reading => {
      reads += 1
      return { ...reading, atMs: clock.now() }
    }
    const feed = createTelemetryFeed({ read, clock, unit: 'second' })
    const leaving = new AbortController()
    const received = [0n, 0n]
    const sessions = received.map(async (_, index) => {
      for await (const { units } of feed(undefined, leaving.signal))
        received[index] = (received[index] ?? 0n) + units
    })
    await clock.advance(1000)
    leaving.abort()
    await Promise.all(sessions)
    expect(received).to.deep.equal([1000n, 1000n])
    expect(reads, 'one reading for both sessions, and the first').to.equal(11)
    expect(clock.pending()).to.equal(0)
  })

  it('does not make up for what was not asked for', async () => {
    const clock = createVirtualClock()
    const feed = createTelemetryFeed({ read: () => reading, clock, unit: 'second' })
    const pieces = feed(undefined, new AbortController().signal)[Symbol.asyncIterator]()
    const first = pieces.next()
    await clock.advance(100)
    await first
    await clock.advance(60_000)
    let arrived = 0
    const taking = (async () => {
      for (let index = 0; index < 3; index += 1) {
        await pieces.next()
        arrived += 1
      }
    })()
    await clock.advance(100)
    expect(arrived).to.equal(2)
    await clock.advance(200)
    await taking
  })

  it('counts bytes or pieces when those are sold', async () => {
    for (const unit of ['byte', 'request'] as const) {
      const clock = createVirtualClock()
      const leaving = new AbortController()
      const pieces: { readonly units: bigint; readonly payload: unknown }[] = []
      const session = (async () => {
        const feed = createTelemetryFeed({ read: () => reading, clock, unit })
        for await (const piece of feed(undefined, leaving.signal)) pieces.push(piece)
      })()
      await clock.advance(100)
      leaving.abort()
      await session
      const [piece] = pieces
      const expected = unit === 'byte' ? BigInt(JSON.stringify(piece?.payload).length) : 1n
      expect(pieces.map(({ units }) => units)).to.deep.equal([expected])
    }
  })
})
