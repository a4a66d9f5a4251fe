import { expect } from 'chai'
import { type PayerInput } from '@sluice/sdk/session'
import { channelId } from '../parties.js'
import {
  now,
  greeting,
  signature,
  step,
  run,
  say,
  play,
  connected,
  disconnected,
  proved,
  signed,
  delivered,
  data,
  snapshot,
  stateIn,
  brief,
  paying,
} from './machine.js'

describe('the payer machine', () => {
  describe('counting', () => {
    it('takes delivered time no faster than the player ran, two seconds granted', () => {
      const state = run(paying(), data(1, 50_000n, now + 1_000))
      expect(state.record.units).to.equal(3_000n)
      expect(step(state, delivered(9_000n, now + 1_000)).state).to.equal(state)
    })

    it('stops with the player: a pause counts nothing', () => {
      const paused = run(paying(), play(false, now + 1_000), data(1, 500_000n, now + 90_000))
      expect(paused.record.units).to.equal(3_000n)
    })

    it('takes a piece that comes twice, or late, once', () => {
      const state = run(
        paying(),
        data(2, 100n, now + 5_000),
        data(2, 100n, now + 5_000),
        data(1, 100n, now + 5_000),
      )
      expect(state.record.units).to.equal(100n)
      expect(
        run(state, say({ type: 'ack', accepted: 0n, spent: 400n, units: 200n }, now + 5_000)).record.units,
      ).to.equal(200n)
    })

    it('hands a piece on each time it comes', () => {
      const once = run(paying(), data(1, 100n))
      expect(brief(step(once, data(1, 100n)).effects)).to.deep.equal(['emit data'])
    })

    it('starts the sequence anew with a connection', () => {
      const before = run(paying(), data(9, 100n, now + 1_000))
      const joined = run(
        before,
        disconnected(),
        connected(),
        say(greeting),
        proved,
        snapshot({ units: 100n }),
      )
      expect(run(joined, data(1, 100n, now + 1_000)).record.units).to.equal(200n)
    })

    it('catches up with pieces that were lost, by what acknowledgements and receipts claim', () => {
      const acked = run(
        paying(),
        say({ type: 'ack', accepted: 20_000n, spent: 2_000n, units: 1_000n }, now + 900),
      )
      expect(acked.record.units).to.equal(1_000n)
      const figures = {
        channelId,
        accepted: 20_000n,
        spent: 4_000n,
        units: 2_000n,
        at: 5,
        signature,
      } as const
      const receipt = step(acked, say({ type: 'receipt', ...figures }, now + 900))
      expect(receipt.state.record).to.deep.include({ units: 2_000n, receipt: figures })
      expect(brief(receipt.effects)).to.deep.equal(['save', 'emit receipt'])
    })

    it('says once that a fifth of the budget is left', () => {
      const state = paying({ budget: 20_000n })
      const first = step(state, delivered(8_000n, now + 20_000))
      expect(brief(first.effects)).to.deep.equal(['problem budget-low'])
      expect(brief(step(first.state, delivered(500n, now + 20_000)).effects)).to.deep.equal([])
    })

    it('says that the budget is spent when the gate closes on it, and not when it closes otherwise', () => {
      const closes: PayerInput = say({ type: 'media', state: 'paused', reason: 'unpaid' })
      const spent = run(stateIn('joined', { budget: 12_000n }), play(true), signed(12_000n))
      expect(brief(step(spent, closes).effects)).to.deep.equal(['emit media', 'problem budget-spent'])
      expect(brief(step(paying(), closes).effects)).to.deep.equal(['emit media'])
    })
  })
})
