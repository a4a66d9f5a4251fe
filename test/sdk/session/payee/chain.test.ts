import { expect } from 'chai'
import { stateIn, phases, deliver, voucher, tip, charge, chain, step, brief } from './machine.js'

describe('the payee machine', () => {
  describe('the chain', () => {
    for (const phase of phases) {
      it(`saying what is known changes nothing (${phase})`, () => {
        const state = stateIn(phase)
        const after = step(state, chain({ closed: state.record.closed }))
        expect(after.state).to.equal(state)
        expect(after.effects).to.deep.equal([])
      })
    }

    it('raising the deposit is stored and told', () => {
      const { state, effects } = step(stateIn('paid'), chain({ deposited: 2_000_000n }))
      expect(state.record.deposited).to.equal(2_000_000n)
      expect(brief(effects)).to.deep.equal(['save', 'send snapshot'])
    })

    it('lowering the deposit in a reorganisation is stored and told, and what was accepted stands (I21, I24)', () => {
      const { state, effects } = step(stateIn('paid'), chain({ deposited: 10_000n }))
      expect(state.record).to.include({ deposited: 10_000n, accepted: 20_000n, spent: 2_000n })
      expect(brief(effects)).to.deep.equal(['save', 'send snapshot'])
      const back = step(state, chain({ deposited: 1_000_000n })).state
      expect(back.record).to.deep.equal(stateIn('paid').record)
    })

    it('raising the deposit opens the gate that a lower one held closed (I24, I25)', () => {
      const lowered = step(stateIn('paid'), chain({ deposited: 2_100n })).state
      const gated = step(lowered, deliver(100n)).state
      expect(gated.phase).to.equal('gated')
      const { state, effects } = step(gated, chain({}))
      expect(state.phase).to.equal('paid')
      expect(state.holdEndsMs).to.equal(undefined)
      expect(brief(effects)).to.deep.equal(['save', 'send snapshot', 'gate open paid', 'send playing paid'])
    })

    it('raising the deposit opens nothing that is not paid ahead', () => {
      const { state } = step(stateIn('gated'), chain({ deposited: 2_000_000n }))
      expect(state.phase).to.equal('gated')
    })

    it('never lowers what was claimed, whatever a reorganisation says (I24)', () => {
      const claimed = step(stateIn('paid'), chain({ claimed: 5_000n })).state
      expect(step(claimed, chain({ claimed: 0n })).state.record.claimed).to.equal(5_000n)
    })

    for (const phase of ['idle', 'paid', 'credit', 'gated'] as const) {
      it(`asking to close ends delivery and settles what is unclaimed (${phase}) (I22)`, () => {
        const { state, effects } = step(stateIn(phase), chain({ closeRequestedAt: 77 }))
        expect(state.phase).to.equal('ending')
        expect(state.graceEndsMs).to.equal(undefined)
        expect(state.holdEndsMs).to.equal(undefined)
        expect(brief(effects)).to.deep.equal([
          'save',
          'gate closed closing',
          'send paused closing',
          'settle close-requested',
        ])
        expect(brief(step(state, deliver(1n)).effects)).to.deep.equal(['release 7 false'])
      })
    }

    it('asking to close settles nothing when everything is claimed', () => {
      const { effects } = step(
        stateIn('paid', { claimed: 20_000n }),
        chain({ claimed: 20_000n, closeRequestedAt: 77 }),
      )
      expect(brief(effects)).to.not.include('settle close-requested')
    })

    it('taking a close request back lets the session go on (I24)', () => {
      const ending = step(stateIn('paid'), chain({ closeRequestedAt: 77 })).state
      const { state, effects } = step(ending, chain({}))
      expect(brief(effects)).to.include('send snapshot')
      const paid = step(state, voucher(30_000n)).state
      expect(paid.phase).to.equal('paid')
      expect(brief(step(paid, deliver(100n)).effects)).to.include('release 7 true')
    })

    it('taking a close request back opens the gate of what is still paid ahead (I24, I25)', () => {
      const ending = step(stateIn('paid'), chain({ closeRequestedAt: 77 })).state
      const { state } = step(ending, chain({}))
      expect(brief(step(state, deliver(100n)).effects)).to.include('release 7 true')
    })

    it('taking a close request back while nobody is connected leaves it idle (I24)', () => {
      const ending = step(stateIn('idle'), chain({ closeRequestedAt: 77 })).state
      expect(ending.phase).to.equal('ending')
      expect(step(ending, chain({})).state.phase).to.equal('idle')
    })

    it('taking a close request back does not take a consent back', () => {
      const ending = step(stateIn('ending'), chain({ closeRequestedAt: 77 })).state
      expect(step(ending, chain({})).state.phase).to.equal('ending')
    })

    for (const phase of ['idle', 'paid', 'credit', 'gated', 'ending'] as const) {
      it(`ending the channel ends it here, for ever (${phase}) (I9)`, () => {
        const { state, effects } = step(stateIn(phase), chain({ closed: true, claimed: 2_000n }))
        expect(state.phase).to.equal('closed')
        expect(state.holdEndsMs).to.equal(undefined)
        expect(brief(effects)).to.include('save')
        for (const input of [voucher(30_000n), deliver(1n), charge(1n), tip('a', 1n)]) {
          expect(step(state, input).state.record).to.equal(state.record)
        }
      })
    }

    it('taking the end of a channel back lets it go on (I24)', () => {
      const closed = step(stateIn('paid'), chain({ closed: true })).state
      const { state } = step(closed, chain({ closed: false }))
      expect(brief(step(state, deliver(100n)).effects)).to.include('release 7 true')
    })
  })
})
