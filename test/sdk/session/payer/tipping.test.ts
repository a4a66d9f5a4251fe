import { expect } from 'chai'
import { consumedOf } from '@sluice/sdk/session'
import {
  terms,
  now,
  step,
  run,
  play,
  tick,
  signed,
  tip,
  ack,
  refusal,
  stateIn,
  brief,
  paying,
} from './machine.js'

describe('the payer machine', () => {
  describe('tipping', () => {
    it('stores the tip, signs what covers it, then sends voucher and tip', () => {
      const tipped = step(paying(), tip('a', 5_000n))
      expect(brief(tipped.effects)).to.deep.equal(['save', 'sign 25000'])
      expect(consumedOf(terms, tipped.state.record)).to.equal(5_000n)
      expect(brief(step(tipped.state, signed(25_000n)).effects)).to.deep.equal([
        'save',
        'send voucher 25000',
        'send tip',
      ])
    })

    it('sends a tip at once when a voucher covers it already', () => {
      const state = run(stateIn('joined', { budget: 20_000n }), play(true), signed(20_000n), ack(20_000n))
      expect(brief(step(state, tip('a', 5_000n)).effects)).to.deep.equal(['save', 'send tip'])
    })

    it('repeats it until it is acknowledged by its id, and counts it once (I19)', () => {
      const pending = run(paying(), tip('a', 5_000n), signed(25_000n), ack(25_000n))
      expect(step(pending, tip('a', 5_000n))).to.deep.equal({ state: pending, effects: [] })
      expect(brief(step(pending, tick(now + 2_000)).effects)).to.include('send tip')
      const other = step(pending, ack(25_000n, 0n, 'b'))
      expect(other.state.record.pendingTips).to.have.length(1)
      const done = step(pending, ack(25_000n, 0n, 'a'))
      expect(done.state.record.pendingTips).to.deep.equal([])
      expect(done.state.record.tipped).to.equal(5_000n)
      expect(brief(done.effects)).to.deep.equal(['save', 'emit tipped'])
      expect(brief(step(done.state, ack(25_000n, 0n, 'a')).effects)).to.deep.equal([])
    })

    it('takes a tip back that the payee refuses for good, and keeps one that may come again', () => {
      const pending = run(paying(), tip('a', 5_000n), signed(25_000n))
      expect(step(pending, refusal('tip-refused', true)).effects).to.deep.equal([])
      const refused = step(pending, refusal('tip-refused'))
      expect(refused.state.record).to.deep.include({ tipped: 0n, pendingTips: [] })
      expect(brief(refused.effects)).to.deep.equal(['save', 'problem tip-refused'])
    })

    it('while paused is still paid', () => {
      expect(brief(step(stateIn('joined'), tip('a', 5_000n)).effects)).to.deep.equal(['save', 'sign 25000'])
    })
  })
})
