import { expect } from 'chai'
import { keccak256, numberToHex } from 'viem'
import { nextTickMs, timing } from '@sluice/sdk/session'
import { now, stateIn, deliver, tick, step, brief } from './machine.js'

describe('the payee machine', () => {
  describe('time', () => {
    it('closes the gate when the grace time is over, not before', () => {
      const credit = stateIn('credit')
      expect(nextTickMs(credit)).to.equal(now + 3_000)
      expect(step(credit, tick(now + 2_999)).effects).to.deep.equal([])
      const { state, effects } = step(credit, tick(now + 3_000))
      expect(state.phase).to.equal('gated')
      expect(state.graceEndsMs).to.equal(undefined)
      expect(state.holdEndsMs).to.equal(now + 63_000)
      expect(brief(effects)).to.deep.equal(['gate closed unpaid', 'send paused unpaid', 'receipt'])
    })

    for (const phase of ['gated', 'idle'] as const) {
      it(`settles when the hold is over, once (${phase})`, () => {
        const held =
          phase === 'gated'
            ? stateIn('gated')
            : step(stateIn('paid'), { type: 'detach', session: 1, nowMs: now }).state
        expect(step(held, tick(now + 59_999)).effects).to.deep.equal([])
        const { state, effects } = step(held, tick(now + 60_000))
        expect(brief(effects)).to.deep.equal(['settle hold'])
        expect(state.holdEndsMs).to.equal(undefined)
        expect(step(state, tick(now + 200_000)).effects).to.deep.equal([])
      })
    }

    it('settles nothing when everything is claimed', () => {
      const { effects } = step(stateIn('gated', { claimed: 20_000n }), tick(now + 60_000))
      expect(effects).to.deep.equal([])
    })

    it('brings a receipt every ten seconds while there is news, and none without', () => {
      const paid = stateIn('paid')
      expect(nextTickMs(paid)).to.equal(undefined)
      expect(step(paid, tick(now + 60_000)).effects).to.deep.equal([])
      const news = step(paid, deliver(100n)).state
      expect(nextTickMs(news)).to.equal(now + 10_000)
      expect(step(news, tick(now + 9_999)).effects).to.deep.equal([])
      const due = step(news, tick(now + 10_000))
      expect(due.effects).to.deep.equal([
        { type: 'receipt', accepted: 20_000n, spent: 2_200n, units: 1_100n },
      ])
      expect(step(due.state, tick(now + 20_000)).effects).to.deep.equal([])
      const again = step(due.state, deliver(100n)).state
      expect(nextTickMs(again)).to.equal(now + 20_000)
    })

    it('has beats of its own for each channel, so that a crowd that comes at once is not signed for at once', () => {
      const tenths = new Array<number>(10).fill(0)
      for (let index = 0; index < 1_000; index += 1) {
        const channelId = keccak256(numberToHex(index))
        const news = step(stateIn('paid', { channelId }), deliver(100n)).state
        const dueMs = (nextTickMs(news) ?? 0) - now
        expect(dueMs).to.be.within(1, 10_000)
        const tenth = Math.floor((dueMs - 1) / 1_000)
        tenths[tenth] = (tenths[tenth] ?? 0) + 1
        const due = step(news, tick(now + dueMs))
        expect(brief(due.effects)).to.deep.equal(['receipt'])
        // Ten seconds each from then on, however late one was.
        const late = step(step(due.state, deliver(100n)).state, tick(now + dueMs + 10_700))
        expect(brief(late.effects)).to.deep.equal(['receipt'])
        expect(nextTickMs(step(late.state, deliver(100n)).state)).to.equal(now + dueMs + 20_000)
      }
      expect(Math.min(...tenths)).to.be.at.least(60)
    })

    it('keeps the beat of receipts through a silence, so that a crowd that comes back is not signed for at once', () => {
      const late = step(stateIn('paid'), deliver(100n, now + 73_000))
      expect(brief(late.effects)).to.deep.equal(['save', 'release 7 true'])
      expect(nextTickMs(late.state)).to.equal(now + 80_000)
      expect(step(late.state, tick(now + 79_999)).effects).to.deep.equal([])
      expect(brief(step(late.state, tick(now + 80_000)).effects)).to.deep.equal(['receipt'])
    })

    it('brings a receipt at once when the viewer pauses, and nothing when it plays on', () => {
      const news = step(stateIn('paid'), deliver(100n)).state
      const paused = step(news, { type: 'media', playing: false, reason: 'viewer', nowMs: now + 1 })
      expect(brief(paused.effects)).to.deep.equal(['receipt'])
      expect(paused.state.viewerPlaying).to.equal(false)
      const again = step(paused.state, { type: 'media', playing: false, reason: 'viewer', nowMs: now + 2 })
      expect(again.state).to.equal(paused.state)
      expect(again.effects).to.deep.equal([])
      const plays = step(paused.state, { type: 'media', playing: true, reason: 'viewer', nowMs: now + 3 })
      expect(plays.effects).to.deep.equal([])
      expect(plays.state.viewerPlaying).to.equal(true)
    })

    it('answers a viewer who plays before a closed gate with how things stand, each time (I25)', () => {
      const gated = stateIn('gated')
      const again = step(gated, { type: 'media', playing: true, reason: 'viewer', nowMs: now })
      expect(again.state).to.equal(gated)
      expect(brief(again.effects)).to.deep.equal(['send ack 20000'])
      const paused = step(gated, { type: 'media', playing: false, reason: 'viewer', nowMs: now }).state
      expect(
        brief(step(paused, { type: 'media', playing: true, reason: 'viewer', nowMs: now }).effects),
      ).to.deep.equal(['send ack 20000'])
    })

    it('asks for no receipt while nobody is connected', () => {
      const left = step(step(stateIn('paid'), deliver(100n)).state, {
        type: 'detach',
        session: 1,
        nowMs: now,
      }).state
      expect(nextTickMs(left)).to.equal(now + timing.holdMs)
      expect(step(left, tick(now + 10_000)).effects).to.deep.equal([])
    })
  })
})
