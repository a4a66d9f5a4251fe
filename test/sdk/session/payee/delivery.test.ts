import { expect } from 'chai'
import { timing } from '@sluice/sdk/session'
import { payeeRecord } from '../parties.js'
import { now, stateIn, deliver, voucher, chain, step, brief } from './machine.js'

describe('the payee machine', () => {
  describe('a delivery', () => {
    it('that is paid is stored before it is released (I16)', () => {
      const { state, effects } = step(stateIn('paid'), deliver(100n))
      expect(brief(effects)).to.deep.equal(['save', 'release 7 true'])
      expect(state.record).to.include({ units: 1_100n, spent: 2_200n })
    })

    for (const phase of ['idle', 'gated', 'ending', 'closed'] as const) {
      it(`is refused when ${phase}, and changes nothing`, () => {
        const state = stateIn(phase)
        const after = step(state, deliver(100n))
        expect(after.state).to.equal(state)
        expect(brief(after.effects)).to.deep.equal(['release 7 false'])
      })
    }

    it('is refused while the player stands still', () => {
      const paused = step(stateIn('paid'), {
        type: 'media',
        playing: false,
        reason: 'viewer',
        nowMs: now,
      }).state
      expect(brief(step(paused, deliver(100n)).effects)).to.deep.equal(['release 7 false'])
    })

    it('goes on to the last base unit of the credit and no further (I15)', () => {
      const credit = step(stateIn('credit'), deliver(1_450n)).state
      expect(credit.record.spent).to.equal(26_000n)
      const { state, effects } = step(credit, deliver(1n))
      expect(state.record).to.equal(credit.record)
      expect(state.phase).to.equal('gated')
      expect(brief(effects).slice(0, 2)).to.deep.equal(['release 7 false', 'gate closed unpaid'])
    })

    it('that is larger than window and credit is refused whole (I15)', () => {
      const paid = stateIn('paid')
      const { state, effects } = step(paid, deliver(1_000_000n))
      expect(state.record).to.equal(paid.record)
      expect(brief(effects)[0]).to.equal('release 7 false')
    })

    it('gets no credit before the first voucher, so that a new channel buys nothing for nothing (I15)', () => {
      const fresh = { ...stateIn('paid'), record: payeeRecord() }
      expect(brief(step(fresh, deliver(1n)).effects)[0]).to.equal('release 7 false')
    })

    it('never exceeds the deposit, credit or not (I21)', () => {
      const full = stateIn('paid', { deposited: 20_000n, accepted: 20_000n, spent: 19_800n, units: 9_900n })
      const last = step(full, deliver(100n))
      expect(last.state.record.spent).to.equal(20_000n)
      const over = step(last.state, deliver(1n))
      expect(brief(over.effects)[0]).to.equal('release 7 false')
      expect(over.state.phase).to.equal('gated')
    })

    it('stops at a deposit that a reorganisation lowered (I21, I24)', () => {
      const lowered = step(stateIn('paid'), chain({ deposited: 2_100n })).state
      expect(brief(step(lowered, deliver(100n)).effects)[0]).to.equal('release 7 false')
      expect(brief(step(lowered, deliver(50n)).effects)).to.include('release 7 true')
    })

    it('says need once when half of the window is used up, and again after a voucher', () => {
      const before = stateIn('paid', { accepted: 20_000n, spent: 9_800n, units: 4_900n })
      const first = step(before, deliver(50n))
      expect(brief(first.effects)).to.deep.equal(['save', 'release 7 true'])
      const half = step(first.state, deliver(50n))
      expect(half.effects[2]).to.deep.equal({
        type: 'send',
        message: {
          type: 'need',
          required: 30_000n,
          accepted: 20_000n,
          deposited: 1_000_000n,
          deadline: Math.ceil((now + timing.graceMs) / 1000),
        },
      })
      const quiet = step(half.state, deliver(50n))
      expect(brief(quiet.effects)).to.deep.equal(['save', 'release 7 true'])
      const paid = step(quiet.state, voucher(20_100n)).state
      expect(brief(step(paid, deliver(50n)).effects)).to.deep.equal(['save', 'release 7 true', 'send need'])
    })

    it('asks for no more than the deposit holds', () => {
      const before = stateIn('paid', { deposited: 25_000n, spent: 9_900n, units: 4_950n })
      const { effects } = step(before, deliver(50n))
      expect(effects[2]).to.have.nested.property('message.required', 25_000n)
    })

    it('starts three seconds of grace when it goes on credit, and further ones do not prolong it', () => {
      const credit = stateIn('credit')
      expect(credit.graceEndsMs).to.equal(now + 3_000)
      const later = step(credit, deliver(100n, now + 1_000)).state
      expect(later.graceEndsMs).to.equal(now + 3_000)
    })
  })
})
