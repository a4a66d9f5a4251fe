import { expect } from 'chai'
import { initialPayeeState, nextTickMs, timing } from '@sluice/sdk/session'
import { payeeRecord } from '../parties.js'
import { now, record, stateIn, step, brief } from './machine.js'

describe('the payee machine', () => {
  describe('when a connection joins', () => {
    it('opens the gate of a channel that is paid ahead', () => {
      const { state, effects } = step(stateIn('idle'), { type: 'attach', session: 4, nowMs: now })
      expect(state.session).to.equal(4)
      expect(state.phase).to.equal('paid')
      expect(brief(effects)).to.deep.equal(['send snapshot', 'gate open paid', 'send playing paid'])
    })

    it('keeps the gate of an unpaid one closed and starts the hold', () => {
      const { state, effects } = step(initialPayeeState(payeeRecord(), new Map(), now), {
        type: 'attach',
        session: 4,
        nowMs: now,
      })
      expect(state.phase).to.equal('gated')
      expect(state.holdEndsMs).to.equal(now + timing.holdMs)
      expect(brief(effects)).to.deep.equal(['send snapshot', 'gate closed unpaid', 'send paused unpaid'])
    })

    it('repeats the consent of an ending one, and opens nothing', () => {
      const { state, effects } = step(stateIn('ending'), { type: 'attach', session: 4, nowMs: now })
      expect(state.phase).to.equal('ending')
      expect(brief(effects)).to.deep.equal(['send snapshot', 'send closed'])
    })

    it('tells the highest voucher with its signature, spent and deposit', () => {
      const { effects } = step(stateIn('idle'), { type: 'attach', session: 4, nowMs: now })
      expect(effects[0]).to.deep.equal({
        type: 'send',
        message: {
          type: 'snapshot',
          channelId: record().channelId,
          highest: { cumulative: 20_000n, signature: '0xab' },
          spent: 2_000n,
          units: 1_000n,
          deposited: 1_000_000n,
        },
      })
    })

    it('takes the newest connection, and the older one leaving changes nothing', () => {
      const newer = step(stateIn('paid'), { type: 'attach', session: 2, nowMs: now }).state
      expect(newer.session).to.equal(2)
      const left = step(newer, { type: 'detach', session: 1, nowMs: now })
      expect(left.state).to.equal(newer)
      expect(left.effects).to.deep.equal([])
    })
  })

  describe('when the connection leaves', () => {
    for (const phase of ['paid', 'credit', 'gated'] as const) {
      it(`closes the gate and holds what is unclaimed for a minute (${phase})`, () => {
        const { state, effects } = step(stateIn(phase), { type: 'detach', session: 1, nowMs: now + 5 })
        expect(state.phase).to.equal('idle')
        expect(state.session).to.equal(undefined)
        expect(state.graceEndsMs).to.equal(undefined)
        expect(state.holdEndsMs).to.equal(now + 5 + timing.holdMs)
        expect(brief(effects)).to.deep.equal(['gate closed viewer'])
      })
    }

    it('holds nothing when everything is claimed', () => {
      const { state } = step(stateIn('paid', { claimed: 20_000n }), {
        type: 'detach',
        session: 1,
        nowMs: now,
      })
      expect(state.holdEndsMs).to.equal(undefined)
      expect(nextTickMs(state)).to.equal(undefined)
    })
  })
})
