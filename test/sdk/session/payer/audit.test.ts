import { expect } from 'chai'
import fc from 'fast-check'
import {
  capOf,
  costOf,
  initialPayerState,
  stepPayer,
  termsOf,
  type Message,
  type Offer,
  type PayerInput,
  type PayerState,
} from '@sluice/sdk/session'
import { channelId, payerRecord } from '../parties.js'
import {
  brief,
  connected,
  disconnected,
  greeting,
  now,
  paying,
  play,
  proved,
  run,
  say,
  signature,
  snapshot,
  stateIn,
  step,
  stop,
  tick,
  tip,
} from './machine.js'

const gate = (open: boolean, nowMs = now): PayerInput =>
  say({ type: 'media', state: open ? 'playing' : 'paused', reason: open ? 'paid' : 'unpaid' }, nowMs)
const said = (units: bigint, spent: bigint, nowMs: number): PayerInput =>
  say({ type: 'ack', accepted: 1_000_000n, spent, units }, nowMs)
const counts = (units: bigint, nowMs: number): PayerInput => said(units, units * 2n, nowMs)

/** Paying since `now`, with the gate open. */
const flowing = (): PayerState => run(paying(), gate(true))

/** The most units that pass without a word at `nowMs`, by trying. */
function mostAt(state: PayerState, nowMs: number): bigint {
  let [low, high] = [0n, 10_000_000n]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (step(state, counts(middle, nowMs)).state.record.overcharge === undefined) low = middle
    else high = middle
  }
  return low
}

describe('the payer machine', () => {
  describe('held against what the payee counts', () => {
    it('grants window, credit, two seconds and a twentieth of its own count, and not a unit more', () => {
      expect(mostAt(flowing(), now)).to.equal(13_000n + 2_000n)
      expect(mostAt(flowing(), now + 60_000)).to.equal(60_000n + 15_000n + 3_000n)
    })

    it('says both numbers, keeps them, and signs nothing any more', () => {
      const { state, effects } = step(flowing(), counts(90_001n, now + 60_000))
      expect(brief(effects)).to.include.members(['save', 'problem overcharged'])
      const problem = effects.find((effect) => effect.type === 'emit' && effect.event.type === 'problem')
      expect(problem).to.have.nested.property('event.error.action', 'money-back')
      expect(problem).to.have.nested.property(
        'event.error.details',
        'the payee counts 90001 units and 180002 base units, this side 60000 and 120000',
      )
      expect(state.record.overcharge).to.deep.equal({
        claimed: { units: 90_001n, spent: 180_002n },
        counted: { units: 60_000n, spent: 120_000n },
        atMs: now + 60_000,
      })
      const need: PayerInput = say({ type: 'need', required: 90n, accepted: 0n, deposited: 9n, deadline: 1 })
      for (const input of [
        tick(now + 61_000),
        need,
        tip('a', 5n),
        play(true),
        counts(95_000n, now + 61_000),
      ]) {
        const after = step(state, input)
        expect(brief(after.effects).filter((line) => /^(sign|problem)/.test(line))).to.deep.equal([])
        expect(after.state.signing).to.equal(undefined)
      }
    })

    it('notices an amount that no unit explains', () => {
      const state = run(flowing(), tip('a', 5_000n))
      const most = 2n * (10_000n + 15_000n + 500n) + 5_000n
      expect(step(state, said(10_000n, most, now + 10_000)).state.record.overcharge).to.equal(undefined)
      const over = step(state, said(10_000n, most + 1n, now + 10_000)).state.record.overcharge
      expect(over?.counted).to.deep.equal({ units: 10_000n, spent: 25_000n })
    })

    it('notices it in a receipt, which it keeps: that is the signed word of the payee', () => {
      const figures = {
        channelId,
        accepted: 20_000n,
        spent: 190_000n,
        units: 95_000n,
        at: 5,
        signature,
      } as const
      const { state, effects } = step(flowing(), say({ type: 'receipt', ...figures }, now + 60_000))
      expect(state.record.receipt).to.deep.equal(figures)
      expect(state.record.overcharge?.claimed).to.deep.equal({ units: 95_000n, spent: 190_000n })
      const saved = effects.filter((effect) => effect.type === 'save').at(-1)
      expect(saved).to.deep.equal({ type: 'save', record: state.record })
    })

    it('notices it in the consent to close', () => {
      const closed = (capturedAmount: bigint): PayerInput =>
        say({ type: 'closed', capturedAmount, payeeSignature: '0x0c' }, now + 60_000)
      const most = 2n * 78_000n
      const fair = step(run(flowing(), stop), closed(most - 6_000n - 120_000n))
      expect(fair.state.record.overcharge).to.equal(undefined)
      const { state, effects } = step(run(flowing(), stop), closed(most + 1n))
      expect(state.phase).to.equal('stopped')
      expect(state.record.closed).to.equal(true)
      expect(brief(effects)).to.include.members(['problem overcharged', 'emit closed'])
    })

    it('grants no time in which the gate was closed, and five seconds after the player stopped', () => {
      const closed = run(flowing(), gate(false, now + 10_000))
      expect(mostAt(closed, now + 60_000)).to.equal(10_000n + 15_000n + 500n)
      const paused = run(flowing(), play(false, now + 10_000))
      expect(mostAt(paused, now + 60_000)).to.equal(15_000n + 15_000n + 750n)
      const waiting = run(flowing(), {
        type: 'media',
        playing: false,
        reason: 'buffering',
        nowMs: now + 10_000,
      })
      expect(mostAt(waiting, now + 60_000)).to.equal(60_000n + 15_000n + 3_000n)
    })

    it('says nothing of what it cannot know: before a snapshot its own record may be old', () => {
      const joining = stateIn('joining')
      expect(step(joining, counts(900_000n, now)).state.record.overcharge).to.equal(undefined)
    })

    it('counts nothing of what overtakes the snapshot, which may be news to an old copy of its store', () => {
      const highest = { cumulative: 500_000n, signature: '0x77' } as const
      const playing = run(stateIn('joining'), play(true))
      const overtaken = run(playing, said(241_000n, 482_000n, now + 300_000))
      expect(overtaken.record).to.include({ units: 0n })
      const late = snapshot({ highest, spent: 480_000n, units: 240_000n }, now + 300_000)
      const state = run(overtaken, late, gate(true, now + 300_000))
      expect(state.record).to.include({ units: 241_000n })
      expect(mostAt(state, now + 300_000)).to.equal(240_000n + 15_000n)
    })

    it('believes an old copy of its store no longer than the snapshot with its own later voucher', () => {
      const highest = { cumulative: 500_000n, signature: '0x77' } as const
      const honest = step(stateIn('joining'), snapshot({ highest, spent: 480_000n, units: 240_000n }))
      expect(honest.state.record).to.include({ units: 240_000n }).and.not.have.property('overcharge')
      const greedy = step(stateIn('joining'), snapshot({ highest, spent: 500_000n, units: 9_000_000n }))
      expect(greedy.state.record.units).to.equal(250_000n + 3_000n + 2_000n)
      expect(brief(greedy.effects)).to.include('problem overcharged')
    })

    it('lets a payee that never got a tip spend its money on the feed, and no more', () => {
      const pendingTips = [{ id: 'a', amount: 40_000n, message: '' }]
      const state = stateIn('joined', { signed: 60_000n, signature, tipped: 40_000n, pendingTips })
      expect(mostAt(state, now)).to.equal(15_000n + 20_000n)
      const counted = run(state, said(0n, 40_000n, now))
      expect(mostAt(counted, now)).to.equal(15_000n)
    })

    it('says it again after a restart, and signs nothing (I18)', () => {
      const { record } = step(flowing(), counts(90_001n, now + 60_000)).state
      const again = run(initialPayerState(record, now), play(true), connected(), say(greeting), proved)
      const { state, effects } = step(again, snapshot({ units: 90_001n, spent: 180_002n }))
      expect(brief(effects)).to.include('problem overcharged')
      expect(brief(effects).filter((line) => line.startsWith('sign'))).to.deep.equal([])
      expect(state.record.overcharge).to.equal(record.overcharge)
    })

    it('lets the viewer stop: what the payee consents to is still better than nothing', () => {
      const { state } = step(flowing(), counts(90_001n, now + 60_000))
      expect(brief(step(state, stop).effects)).to.include('send close')
    })
  })

  describe('buying bytes', () => {
    const byByte = termsOf({ ...greeting, unit: 'byte', price: 2n, window: 1_000n, credit: 100n })
    const go = (state: PayerState, ...inputs: readonly PayerInput[]): PayerState =>
      inputs.reduce((before, input) => stepPayer(byByte, before, input).state, state)
    const piece = (sequence: number, units: bigint, bytes: number): PayerInput =>
      say({ type: 'data', sequence, units, payload: 1 }, now, bytes)
    const joined = (): PayerState =>
      go(initialPayerState(payerRecord(), now), play(true), connected(), say(greeting), proved, snapshot())

    it('pays what a piece says it counts for, as long as so much came', () => {
      const state = go(joined(), piece(1, 100n, 160), piece(2, 100n, 160))
      expect(state.record).to.include({ units: 200n }).and.not.have.property('overcharge')
    })

    it('believes window and credit and a twentieth beyond the bytes that came, and not one more', () => {
      const most = 160n + 1_100n + 8n
      const all = go(joined(), piece(1, most, 160))
      expect(all.record).to.include({ units: most }).and.not.have.property('overcharge')
      const over = go(joined(), piece(1, most + 1n, 160))
      expect(over.record.units).to.equal(most)
      expect(over.record.overcharge?.claimed.units).to.equal(most + 1n)
      expect(over.record.overcharge?.counted).to.deep.equal({ units: 160n, spent: 320n })
    })

    it('counts bytes of the page’s own as received', () => {
      const state = go(joined(), { type: 'delivered', units: 50_000n, nowMs: now }, said(51_000n, 0n, now))
      expect(state.record).to.include({ units: 50_000n }).and.not.have.property('overcharge')
    })

    it('lets a payee that cuts the line again and again have window and credit once, not once a connection', () => {
      let state = go(joined(), piece(1, 100n, 100))
      for (const claimed of [1_200n, 2_300n]) {
        state = go(state, disconnected(), connected(), say(greeting), proved, snapshot({ units: claimed }))
      }
      expect(state.record.overcharge?.claimed.units).to.equal(2_300n)
      expect(state.record.units).to.equal(100n + 1_100n + 5n)
    })

    it('by the request takes one a piece', () => {
      const byRequest = termsOf({ ...greeting, unit: 'request', price: 2n, window: 10n, credit: 0n })
      const take = (units: bigint) =>
        stepPayer(byRequest, joined(), say({ type: 'data', sequence: 1, units, payload: 1 })).state.record
      expect(take(11n).overcharge).to.equal(undefined)
      expect(take(12n).overcharge?.counted.units).to.equal(1n)
    })
  })

  describe('against a payee that says anything', () => {
    const figure = fc.bigInt({ min: 0n, max: 2_000_000n })
    const message: fc.Arbitrary<Message> = fc.oneof(
      fc.record({ type: fc.constant('ack' as const), accepted: figure, spent: figure, units: figure }),
      fc.record({
        type: fc.constant('receipt' as const),
        channelId: fc.constant(channelId),
        accepted: figure,
        spent: figure,
        units: figure,
        at: fc.nat(),
        signature: fc.constant(signature),
      }),
      fc.record({
        type: fc.constant('data' as const),
        sequence: fc.nat(1_000),
        units: fc.oneof(figure, fc.bigInt({ min: 0n, max: 300n })),
        payload: fc.constant(1),
      }),
      fc.record({
        type: fc.constant('media' as const),
        state: fc.constantFrom('playing' as const, 'paused' as const),
        reason: fc.constant('paid' as const),
      }),
      fc.constant({ type: 'need' as const, required: 9n, accepted: 0n, deposited: 9n, deadline: 1 }),
      fc.record({
        type: fc.constant('snapshot' as const),
        channelId: fc.constant(channelId),
        highest: fc.constant({ cumulative: 0n, signature: '0x' as const }),
        spent: figure,
        units: figure,
        deposited: fc.constant(1_000_000n),
      }),
      fc.constant<Offer>(greeting),
    )
    const event = fc.record({
      passedMs: fc.constantFrom(0, 0, 50, 900, 4_000),
      bytes: fc.constantFrom(60, 100, 5_000),
      what: fc.oneof(
        { weight: 8, arbitrary: message.map((value) => ({ kind: 'say' as const, value })) },
        { weight: 3, arbitrary: fc.constant({ kind: 'tick' as const }) },
        { weight: 1, arbitrary: fc.boolean().map((value) => ({ kind: 'play' as const, value })) },
        { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
        { weight: 1, arbitrary: fc.constant({ kind: 'rejoin' as const }) },
      ),
    })

    for (const unit of ['second', 'byte', 'request'] as const) {
      const limits = termsOf({ ...greeting, unit, per: unit === 'second' ? 1n : 1_000n })

      it(`never signs beyond what it saw, the slack and one window, nor after it has accused (${unit}) (I17)`, () => {
        let accused = 0
        fc.assert(
          fc.property(fc.array(event, { minLength: 1, maxLength: 60, size: 'max' }), (events) => {
            let state = initialPayerState(payerRecord(), now)
            let nowMs = now
            let [seen, playedMs, playing] = [0n, 0, false]
            const take = (input: PayerInput): void => {
              const before = state
              const { state: next, effects } = stepPayer(limits, state, input)
              state = next
              for (const effect of effects) {
                if (effect.type !== 'sign') continue
                expect(before.record.overcharge ?? next.record.overcharge, 'signed in spite of it').to.equal(
                  undefined,
                )
                expect(effect.cumulative <= capOf(next.record)).to.equal(true)
                const most =
                  unit === 'second' ? BigInt(playedMs) + 2_000n : seen + seen / 20n + limits.aheadUnits
                expect(effect.cumulative <= costOf(limits.price, most) + limits.windowAmount).to.equal(true)
                take({ type: 'signed', cumulative: effect.cumulative, signature, nowMs })
              }
            }
            const rejoin = [connected(), say(greeting), proved, snapshot()]
            for (const input of rejoin) take(input)
            let highest = 0
            for (const { passedMs, bytes, what } of events) {
              nowMs += passedMs
              if (playing) playedMs += passedMs
              if (what.kind === 'say') {
                if (what.value.type === 'data' && what.value.sequence > highest) {
                  highest = what.value.sequence
                  seen += unit === 'byte' ? BigInt(bytes) : 1n
                }
                take(say(what.value, nowMs, bytes))
              } else if (what.kind === 'tick') take(tick(nowMs))
              else if (what.kind === 'rejoin') {
                highest = 0
                for (const input of [disconnected(nowMs), ...rejoin]) take({ ...input, nowMs } as PayerInput)
              } else {
                playing = what.kind === 'wait' || what.value
                const reason = what.kind === 'wait' ? 'buffering' : 'viewer'
                take({ type: 'media', playing: what.kind === 'play' && what.value, reason, nowMs })
              }
            }
            if (state.record.overcharge !== undefined) accused += 1
          }),
          { numRuns: 300 },
        )
        // Were nobody ever accused, or everybody at once, this would say little.
        expect(accused).to.be.within(30, 299)
      })
    }
  })
})
