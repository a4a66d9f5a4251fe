import { expect } from 'chai'
import { timing } from '@sluice/sdk/session'
import {
  ack,
  now,
  greeting,
  step,
  run,
  say,
  play,
  tick,
  connected,
  disconnected,
  proved,
  signed,
  snapshot,
  stateIn,
  brief,
  paying,
} from './machine.js'

describe('the payer machine', () => {
  describe('time', () => {
    it('repeats what was not answered after two seconds', () => {
      expect(brief(step(stateIn('joining'), tick(now + 1_999)).effects)).to.deep.equal([])
      expect(brief(step(stateIn('joining'), tick(now + 2_000)).effects)).to.deep.equal(['send open'])
      expect(brief(step(stateIn('stopping'), tick(now + 2_000)).effects)).to.deep.equal(['send close'])
      const unacknowledged = run(stateIn('joined'), play(true), signed(20_000n))
      expect(brief(step(unacknowledged, tick(now + 2_000)).effects)).to.deep.equal(['send voucher 20000'])
      expect(brief(step(paying(), tick(now + 2_000)).effects)).to.deep.equal([])
    })

    it('asks every five seconds whether the payee is there, and says again whether the player runs', () => {
      expect(brief(step(paying(), tick(now + 4_999)).effects)).to.deep.equal([])
      const asked = step(paying(), tick(now + 5_000))
      expect(brief(asked.effects)).to.deep.equal(['send ping', 'send playing'])
      expect(brief(step(asked.state, tick(now + 6_000)).effects)).to.deep.equal([])
      expect(brief(step(run(paying(), play(false)), tick(now + 5_000)).effects)).to.deep.equal([
        'send ping',
        'send paused',
      ])
      expect(brief(step(stateIn('stopping'), tick(now + 5_000)).effects)).to.deep.equal([
        'send ping',
        'send close',
      ])
    })

    it('does not keep a connection alive on which no offer comes', () => {
      expect(brief(step(stateIn('greeting'), tick(now + 14_999)).effects)).to.deep.equal([])
      expect(brief(step(stateIn('greeting'), tick(now + 15_000)).effects)).to.include('hang up: payee silent')
    })

    it('hangs up and says so after fifteen seconds of silence, once', () => {
      const { state, effects } = step(paying(), tick(now + timing.silenceMs))
      expect(brief(effects)).to.deep.equal(['problem payee-offline', 'hang up: payee silent'])
      const again = step(state, disconnected(now + timing.silenceMs))
      expect(brief(again.effects)).to.deep.equal(['reconnect 50'])
    })

    for (const phase of ['offline', 'stopped', 'displaced', 'failed'] as const) {
      it(`does nothing when ${phase}`, () => {
        const state = stateIn(phase)
        expect(step(state, tick(now + 90_000))).to.deep.equal({ state, effects: [] })
      })
    }

    it('tries again with growing pauses, at most fifteen seconds, and at once again once it has paid', () => {
      let state = stateIn('joined')
      const pauses: string[] = []
      for (let attempt = 0; attempt < 9; attempt += 1) {
        const after = step(state, disconnected(now + 1))
        state = after.state
        pauses.push(...brief(after.effects))
      }
      expect(pauses).to.deep.equal(
        [50, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000].map((ms) => `reconnect ${ms}`),
      )
      const joined = run(state, connected(), say(greeting), proved, snapshot())
      expect(brief(step(joined, disconnected(now)).effects)).to.deep.equal(['reconnect 500'])
      const paid = step(joined, ack(10_000n)).state
      expect(brief(step(paid, disconnected(now)).effects)).to.deep.equal(['reconnect 50'])
    })

    for (const phase of ['stopped', 'displaced', 'failed'] as const) {
      it(`does not connect again when ${phase}`, () => {
        const state = stateIn(phase)
        expect(step(state, disconnected())).to.deep.equal({ state, effects: [] })
        expect(step(state, connected())).to.deep.equal({ state, effects: [] })
      })
    }
  })
})
