import { expect } from 'chai'
import type { PayerEffect } from '@sluice/sdk/session'
import { now, paying, run, disconnected, step } from './machine.js'

const pauseOf = (effects: readonly PayerEffect[]): number | undefined =>
  effects.find((effect) => effect.type === 'reconnect')?.afterMs

describe('the payer machine', () => {
  describe('coming back', () => {
    const refused = (retryAfterMs: number) => ({
      type: 'disconnected' as const,
      reason: 'unreachable',
      retryAfterMs,
      nowMs: now,
    })

    it('tries at once, then after pauses that double', () => {
      const pauses: (number | undefined)[] = []
      let state = paying()
      for (let attempt = 0; attempt < 8; attempt += 1) {
        const next = step(state, disconnected())
        pauses.push(pauseOf(next.effects))
        state = next.state
      }
      expect(pauses).to.deep.equal([50, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
    })

    it('waits as long as the payee asks, and no less than it would by itself', () => {
      expect(pauseOf(step(paying(), refused(7_000)).effects)).to.equal(7_000)
      const third = run(paying(), disconnected(), disconnected())
      expect(pauseOf(step(third, refused(10)).effects)).to.equal(1_000)
    })
  })
})
