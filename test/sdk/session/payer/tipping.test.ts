import { expect } from 'chai'
import { consumedOf, type PayerEffect, type PayerState } from '@sluice/sdk/session'
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
  connected,
  disconnected,
  greeting,
  proved,
  say,
  snapshot,
  stop,
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
      expect(brief(refused.effects)).to.deep.equal(['save', 'problem tip-refused', 'emit untipped'])
    })

    describe('at the end', () => {
      const consented = say({ type: 'closed', capturedAmount: 25_000n, payeeSignature: '0x0c' })
      const pending = (): PayerState => run(paying(), tip('a', 5_000n), signed(25_000n), ack(25_000n))
      const unsent = (effects: readonly PayerEffect[]): readonly string[] =>
        effects.flatMap((effect) =>
          effect.type === 'emit' && effect.event.type === 'untipped'
            ? [`${effect.event.id}: ${effect.event.error.details}`]
            : [],
        )

      it('goes before the wish to close, which follows its acknowledgement', () => {
        const stopping = step(pending(), stop)
        expect(brief(stopping.effects)).to.deep.equal(['send tip'])
        const done = step(stopping.state, ack(25_000n, 0n, 'a'))
        expect(brief(done.effects)).to.deep.equal(['save', 'emit tipped', 'send close'])
        expect(done.state.record).to.deep.include({ tipped: 5_000n, pendingTips: [] })
      })

      it('is signed for even then', () => {
        const stopping = step(run(paying(), tip('a', 5_000n)), stop)
        expect(brief(stopping.effects)).to.deep.equal([])
        expect(stopping.state.signing).to.equal(25_000n)
        expect(brief(step(stopping.state, signed(25_000n)).effects)).to.deep.equal([
          'save',
          'send voucher 25000',
          'send tip',
        ])
      })

      it('waits for the last of several', () => {
        const two = run(pending(), tip('b', 1_000n), signed(26_000n), ack(26_000n), stop)
        const first = step(two, ack(26_000n, 0n, 'a'))
        expect(brief(first.effects)).to.deep.equal(['save', 'emit tipped'])
        expect(brief(step(first.state, ack(26_000n, 0n, 'b')).effects)).to.include('send close')
      })

      it('that is refused then is taken back and said, and the wish to close follows', () => {
        const refused = step(run(pending(), stop), refusal('tip-refused'))
        expect(brief(refused.effects)).to.deep.equal([
          'save',
          'problem tip-refused',
          'emit untipped',
          'send close',
        ])
        expect(refused.state.record).to.deep.include({ tipped: 0n, pendingTips: [] })
      })

      it('is waited for no longer than five seconds, and reported when the end comes without it', () => {
        const stopping = run(pending(), stop)
        expect(brief(step(stopping, tick(now + 4_000)).effects)).to.include('send tip')
        const late = step(stopping, tick(now + 5_000))
        expect(brief(late.effects)).to.include('send close').and.not.include('send tip')
        const { state, effects } = step(late.state, consented)
        expect(unsent(effects)).to.deep.equal(['a: tip a of 5000 was not taken'])
        expect(brief(effects)).to.deep.equal(['problem tip-refused', 'emit untipped', 'save', 'emit closed'])
        expect(state.record).to.deep.include({ tipped: 0n, pendingTips: [], closed: true })
        expect(effects.find((effect) => effect.type === 'save')).to.deep.include({ record: state.record })
      })

      it('is not taken back when the payee has counted it and the word of that was lost', () => {
        const two = run(pending(), tip('b', 1_000n), signed(26_000n), ack(26_000n))
        const heard = run(two, say({ type: 'ack', accepted: 26_000n, spent: 5_200n, units: 100n }))
        const { state, effects } = step(heard, consented)
        expect(unsent(effects)).to.deep.equal(['b: tip b of 1000 was not taken'])
        expect(brief(effects)).to.include('emit tipped')
        expect(state.record).to.deep.include({ tipped: 5_000n, pendingTips: [] })
      })

      it('is reported when the payee ends the stream, or refuses to go on, before it was taken', () => {
        expect(unsent(step(pending(), consented).effects)).to.have.length(1)
        const refused = step(pending(), refusal('close-pending'))
        expect(unsent(refused.effects)).to.have.length(1)
        expect(refused.effects.find((effect) => effect.type === 'save')).to.deep.include({
          record: refused.state.record,
        })
        expect(refused.state.record).to.deep.include({ tipped: 0n, pendingTips: [] })
      })

      it('is waited for anew on another connection', () => {
        const offline = run(pending(), disconnected(), stop)
        const joined = step(
          run(offline, connected(now + 60_000), say(greeting), proved),
          snapshot({}, now + 60_000),
        )
        expect(joined.state.phase).to.equal('stopping')
        expect(brief(joined.effects)).to.include('send tip').and.not.include('send close')
      })

      it('made after the wish to stop is not taken, and says so', () => {
        for (const phase of ['stopping', 'stopped', 'displaced', 'failed'] as const) {
          const state = stateIn(phase)
          const { state: after, effects } = step(state, tip('z', 5n))
          expect(after).to.equal(state)
          expect(unsent(effects)).to.deep.equal(['z: tip z of 5 was not taken'])
        }
      })
    })

    it('while paused is still paid', () => {
      expect(brief(step(stateIn('joined'), tip('a', 5_000n)).effects)).to.deep.equal(['save', 'sign 25000'])
    })
  })
})
