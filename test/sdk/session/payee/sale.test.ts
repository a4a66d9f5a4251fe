import { expect } from 'chai'
import { initialPayeeState } from '@sluice/sdk/session'
import { now, record, stateIn, tip, charge, step, brief } from './machine.js'

describe('the payee machine', () => {
  describe('a tip', () => {
    it('that a voucher covers is stored and counted, then acknowledged by its id', () => {
      const { state, effects } = step(stateIn('paid'), tip('a', 18_000n))
      expect(brief(effects)).to.deep.equal(['save', 'send ack 20000 a', 'tipped'])
      expect(state.record).to.include({ spent: 20_000n, tipped: 18_000n })
      expect(effects[0]).to.have.nested.property('tip.amount', 18_000n)
    })

    it('sent again is acknowledged again and counted once (I19)', () => {
      const once = step(stateIn('paid'), tip('a', 500n)).state
      const twice = step(once, tip('a', 500n))
      expect(twice.state).to.equal(once)
      expect(brief(twice.effects)).to.deep.equal(['send ack 20000 a'])
    })

    it('of the same id over another amount is refused (I19)', () => {
      const once = step(stateIn('paid'), tip('a', 500n)).state
      const other = step(once, tip('a', 501n))
      expect(other.state).to.equal(once)
      expect(brief(other.effects)).to.deep.equal(['send idempotency-conflict'])
    })

    it('known from before a restart is counted once (I19)', () => {
      const state = initialPayeeState(record(), new Map([['a', 500n]]), now)
      expect(step(state, tip('a', 500n)).state).to.equal(state)
    })

    it('that no voucher covers is refused by one base unit, and may come again: never on credit', () => {
      const state = stateIn('paid')
      const after = step(state, tip('a', 18_001n))
      expect(after.state).to.equal(state)
      expect(after.effects[0]).to.deep.include({ type: 'send' })
      expect(after.effects[0]).to.have.nested.property('message.retryable', true)
    })

    it('of nothing is refused', () => {
      expect(brief(step(stateIn('paid'), tip('a', 0n)).effects)).to.deep.equal(['send tip-refused'])
    })

    for (const phase of ['ending', 'closed'] as const) {
      it(`is refused when ${phase}`, () => {
        const state = stateIn(phase)
        const after = step(state, tip('a', 1n))
        expect(after.state).to.equal(state)
        expect(brief(after.effects)).to.deep.equal(['send tip-refused'])
      })
    }
  })

  describe('a charge outside a session', () => {
    it('is stored before it is released, whoever is connected', () => {
      for (const phase of ['idle', 'paid'] as const) {
        const state = stateIn(phase, { spent: 10_000n })
        const after = step(state, charge(10_000n))
        expect(brief(after.effects)).to.deep.equal(['save', 'release 9 true'])
        expect(after.state.record).to.include({ spent: 20_000n, units: state.record.units + 1n })
      }
    })

    it('gets no credit: one base unit above what vouchers cover is refused (I15)', () => {
      const state = stateIn('paid')
      const after = step(state, charge(18_001n))
      expect(after.state).to.equal(state)
      expect(brief(after.effects)).to.deep.equal(['release 9 false'])
    })

    for (const phase of ['ending', 'closed'] as const) {
      it(`is refused when ${phase}`, () => {
        expect(brief(step(stateIn(phase), charge(1n)).effects)).to.deep.equal(['release 9 false'])
      })
    }

    it('is refused while a consent is being signed', () => {
      const closing = step(stateIn('paid'), { type: 'close', nowMs: now }).state
      expect(brief(step(closing, charge(1n)).effects)).to.deep.equal(['release 9 false'])
    })
  })
})
