import { expect } from 'chai'
import { now, consent, stateIn, deliver, charge, chain, step, brief } from './machine.js'

describe('the payee machine', () => {
  describe('a close', () => {
    for (const phase of ['idle', 'paid', 'gated'] as const) {
      it(`closes the gate and asks for a consent over what was spent (${phase})`, () => {
        const { state, effects } = step(stateIn(phase), { type: 'close', nowMs: now })
        expect(state.phase).to.equal('ending')
        expect(state.holdEndsMs).to.equal(undefined)
        expect(brief(effects)).to.deep.equal([
          'gate closed closing',
          'send paused closing',
          `consent ${stateIn(phase).record.spent}`,
        ])
      })
    }

    it('on credit consents to what vouchers cover, no more', () => {
      expect(brief(step(stateIn('credit'), { type: 'close', nowMs: now }).effects)).to.include(
        'consent 20000',
      )
    })

    it('consents to at least what was claimed', () => {
      const { effects } = step(stateIn('paid', { claimed: 15_000n }), { type: 'close', nowMs: now })
      expect(brief(effects)).to.include('consent 15000')
    })

    it('stores the consent, then signs a receipt, then says it and closes on the chain', () => {
      const closing = step(stateIn('paid'), { type: 'close', nowMs: now }).state
      const { state, effects } = step(closing, { type: 'consented', ...consent, capturedAmount: 2_000n })
      expect(brief(effects)).to.deep.equal(['save', 'receipt', 'send closed', 'closeOnChain'])
      expect(state.phase).to.equal('ending')
      expect(state.record.consent?.capturedAmount).to.equal(2_000n)
    })

    it('asked for again repeats the consent it gave, and never gives another', () => {
      const state = stateIn('ending')
      const again = step(state, { type: 'close', nowMs: now })
      expect(again.state).to.equal(state)
      expect(brief(again.effects)).to.deep.equal(['send closed'])
      const other = step(state, { type: 'consented', capturedAmount: 1n, payeeSignature: '0x01' })
      expect(other.state).to.equal(state)
      expect(other.effects).to.deep.equal([])
    })

    it('after the chain has ended the channel changes nothing', () => {
      const state = stateIn('closed')
      expect(step(state, { type: 'close', nowMs: now })).to.deep.equal({ state, effects: [] })
    })

    it('is not undone by a connection that joins while the consent is being signed', () => {
      const closing = step(stateIn('paid'), { type: 'close', nowMs: now }).state
      const rejoined = step(closing, { type: 'attach', session: 2, nowMs: now }).state
      expect(brief(step(rejoined, deliver(100n)).effects)).to.include('release 7 false')
      const consented = step(rejoined, { type: 'consented', ...consent, capturedAmount: 2_000n }).state
      expect(consented.phase).to.equal('ending')
      expect(consented.record.spent).to.equal(2_000n)
      expect(brief(step(consented, deliver(100n)).effects)).to.deep.equal(['release 7 false'])
    })

    it('whose signature took so long that more was sold asks for another over that, and says neither', () => {
      const closing = step(stateIn('paid'), { type: 'close', nowMs: now }).state
      const left = step(closing, { type: 'detach', session: 1, nowMs: now }).state
      const sold = step(left, charge(700n)).state
      const late = step(sold, { type: 'consented', capturedAmount: 2_000n, payeeSignature: '0x0c' })
      expect(late.effects).to.deep.equal([{ type: 'consent', capturedAmount: 2_700n }])
      expect(late.state).to.equal(sold)
      const done = step(sold, { type: 'consented', capturedAmount: 2_700n, payeeSignature: '0x0d' }).state
      expect(done.phase).to.equal('ending')
      expect(done.holdEndsMs).to.equal(undefined)
    })

    it('that the chain overtook changes nothing', () => {
      const closing = step(stateIn('paid'), { type: 'close', nowMs: now }).state
      const ended = step(closing, chain({ closed: true })).state
      expect(step(ended, { type: 'consented', ...consent })).to.deep.equal({ state: ended, effects: [] })
    })

    it('tells the transaction once it was handed to the chain, and only after a consent', () => {
      const { state, effects } = step(stateIn('ending'), { type: 'submitted', transaction: '0x0d' })
      expect(state.phase).to.equal('ending')
      expect(effects[0]).to.have.nested.property('message.transaction', '0x0d')
      expect(step(stateIn('paid'), { type: 'submitted', transaction: '0x0d' }).effects).to.deep.equal([])
    })
  })
})
