import { expect } from 'chai'
import { timing } from '@sluice/sdk/session'
import { now, stateIn, phases, voucher, step, brief } from './machine.js'

describe('the payee machine', () => {
  describe('a higher voucher', () => {
    it('is stored before it is acknowledged (I16)', () => {
      const { state, effects } = step(stateIn('paid'), voucher(30_000n))
      expect(brief(effects)).to.deep.equal(['save', 'send ack 30000'])
      expect(effects[0]).to.deep.include({ record: state.record })
      expect(state.record).to.include({ accepted: 30_000n, signature: '0xcd' })
    })

    it('opens a closed gate when it pays for something', () => {
      const { state, effects } = step(stateIn('gated'), voucher(20_001n))
      expect(state.phase).to.equal('paid')
      expect(state.holdEndsMs).to.equal(undefined)
      expect(brief(effects)).to.deep.equal(['save', 'send ack 20001', 'gate open paid', 'send playing paid'])
    })

    it('leaves the gate closed when it only pays for what is owed', () => {
      const gated = stateIn('gated', { accepted: 18_000n, spent: 20_000n, units: 10_000n })
      const { state, effects } = step(gated, voucher(20_000n))
      expect(state.phase).to.equal('gated')
      expect(brief(effects)).to.deep.equal(['save', 'send ack 20000'])
    })

    it('ends the grace time', () => {
      const credit = stateIn('credit')
      expect(credit.graceEndsMs).to.equal(now + timing.graceMs)
      const { state } = step(credit, voucher(30_000n))
      expect(state.phase).to.equal('paid')
      expect(state.graceEndsMs).to.equal(undefined)
    })

    it('keeps the grace time running when it does not cover what is owed', () => {
      const credit = stateIn('credit')
      const { state } = step(credit, voucher(20_001n))
      expect(state.phase).to.equal('credit')
      expect(state.graceEndsMs).to.equal(credit.graceEndsMs)
    })

    it('is taken while nobody is connected, and opens nothing', () => {
      const { state, effects } = step(stateIn('idle'), voucher(30_000n))
      expect(state.phase).to.equal('idle')
      expect(brief(effects)).to.deep.equal(['save', 'send ack 30000'])
    })

    for (const phase of ['ending', 'closed'] as const) {
      it(`changes nothing any more when ${phase}`, () => {
        const state = stateIn(phase)
        const after = step(state, voucher(30_000n))
        expect(after.state).to.equal(state)
        expect(brief(after.effects)).to.deep.equal(['send ack 20000'])
      })
    }
  })

  describe('an equal or lower voucher', () => {
    for (const phase of phases) {
      it(`changes nothing and is answered with the highest (${phase}) (I12)`, () => {
        const state = stateIn(phase)
        for (const cumulative of [20_000n, 19_999n, 0n]) {
          const after = step(state, voucher(cumulative))
          expect(after.state).to.equal(state)
          expect(brief(after.effects)).to.deep.equal(['send ack 20000'])
        }
      })
    }
  })
})
