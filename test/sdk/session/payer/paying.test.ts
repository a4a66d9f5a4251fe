import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import { capOf, type PayerInput } from '@sluice/sdk/session'
import {
  now,
  greeting,
  signature,
  step,
  run,
  say,
  play,
  tick,
  connected,
  disconnected,
  proved,
  signed,
  tip,
  delivered,
  data,
  ack,
  snapshot,
  phases,
  stateIn,
  brief,
  paying,
} from './machine.js'

describe('the payer machine', () => {
  describe('paying', () => {
    it('signs the window ahead when the player starts, then stores, then sends (I18)', () => {
      const started = step(stateIn('joined'), play(true))
      expect(brief(started.effects)).to.deep.equal(['send playing', 'sign 20000'])
      const { state, effects } = step(started.state, signed(20_000n))
      expect(brief(effects)).to.deep.equal(['save', 'send voucher 20000'])
      expect(effects[0]).to.deep.equal({ type: 'save', record: state.record })
      expect(state.record).to.include({ signed: 20_000n, signature })
    })

    it('signs one voucher at a time', () => {
      const signing = run(stateIn('joined'), play(true))
      const need: PayerInput = say({ type: 'need', required: 90n, accepted: 0n, deposited: 9n, deadline: 1 })
      expect(step(signing, need).effects).to.deep.equal([])
    })

    it('signs no more than was delivered plus the window plus tips', () => {
      const state = run(paying(), data(1, 1_500n, now + 1_500))
      const due = step(state, tick(now + 2_000))
      expect(brief(due.effects)).to.include('sign 23000')
    })

    it('waits until a rise is worth a signature, unless it is asked', () => {
      const little = run(paying(), data(1, 400n, now + 400))
      expect(brief(step(little, tick(now + 1_000)).effects)).to.deep.equal([])
      const need: PayerInput = say({ type: 'need', required: 90n, accepted: 0n, deposited: 9n, deadline: 1 })
      expect(brief(step(little, need).effects)).to.deep.equal(['sign 20800'])
    })

    it('signs however little is due when the payee says that everything is spent (I25)', () => {
      const little = run(paying(), data(1, 400n, now + 400))
      const spentUp: PayerInput = say({ type: 'ack', accepted: 20_000n, spent: 20_000n, units: 400n })
      expect(brief(step(little, spentUp).effects)).to.deep.equal(['sign 20800'])
      const notSpent: PayerInput = say({ type: 'ack', accepted: 20_000n, spent: 19_999n, units: 400n })
      expect(brief(step(little, notSpent).effects)).to.deep.equal([])
    })

    for (const [name, change] of [
      ['budget', { budget: 12_345n }],
      ['deposit', { deposited: 12_345n }],
    ] as const) {
      it(`never signs above the ${name}, and signs up to its last base unit (I17)`, () => {
        const state = run(stateIn('joined', change), play(true))
        expect(state.signing).to.equal(12_345n)
        const spent = run(state, signed(12_345n), ack(12_345n), data(1, 60_000n, now + 60_000))
        expect(
          brief(step(spent, tick(now + 60_000)).effects).filter((line) => line.startsWith('sign')),
        ).to.deep.equal([])
        expect(capOf(spent.record)).to.equal(12_345n)
      })
    }

    it('throws a signature away that another source has overtaken (I18)', () => {
      const signing = run(stateIn('joined'), play(true))
      const raised = run(signing, snapshot({ highest: { cumulative: 50_000n, signature: '0x55' } }))
      expect(raised.record.signed).to.equal(50_000n)
      const after = step(raised, signed(20_000n))
      expect(after.state.record).to.include({ signed: 50_000n, signature: '0x55' })
      expect(after.effects).to.deep.equal([])
    })

    it('keeps a signature that arrives after the connection was lost, and sends it after the next snapshot', () => {
      const cut = run(stateIn('joined'), play(true), disconnected())
      const { state, effects } = step(cut, signed(20_000n))
      expect(brief(effects)).to.deep.equal(['save'])
      const joined = step(run(state, connected(), say(greeting), proved), snapshot())
      expect(brief(joined.effects)).to.include('send voucher 20000')
    })

    it('says what the signer said when it fails, and may sign again', () => {
      const error = new SluiceError({ code: 'key-misuse', message: 'no' })
      const { state, effects } = step(run(stateIn('joined'), play(true)), { type: 'signFailed', error })
      expect(state.signing).to.equal(undefined)
      expect(brief(effects)).to.deep.equal(['problem key-misuse'])
    })

    for (const phase of phases.filter((name) => name !== 'joined')) {
      it(`never signs unless joined (${phase})`, () => {
        const state = stateIn(phase)
        for (const input of [play(true), tick(now + 1_000), tip('a', 5n), delivered(500n)]) {
          expect(brief(step(state, input).effects).filter((line) => line.startsWith('sign'))).to.deep.equal(
            [],
          )
        }
      })
    }

    it('does not sign while the player stands still', () => {
      const paused = run(paying(), data(1, 1_500n, now + 1_500), play(false, now + 1_500))
      expect(brief(step(paused, tick(now + 3_000)).effects)).to.deep.equal([])
    })
  })

  describe('topping up', () => {
    it('stores it, tells the payee, and signs what it could not before', () => {
      const spent = run(
        stateIn('joined', { budget: 12_000n, deposited: 12_000n }),
        play(true),
        signed(12_000n),
      )
      const { state, effects } = step(spent, {
        type: 'funded',
        deposited: 90_000n,
        budget: 90_000n,
        nowMs: now,
      })
      expect(brief(effects)).to.deep.equal(['save', 'send topup', 'sign 20000'])
      expect(state.record).to.include({ deposited: 90_000n, budget: 90_000n })
    })

    it('lowering the budget is not told to the payee, and nothing more is signed (I17)', () => {
      const { state, effects } = step(paying(), {
        type: 'funded',
        deposited: 1_000_000n,
        budget: 1_000n,
        nowMs: now,
      })
      expect(brief(effects)).to.deep.equal(['save'])
      const later = step(run(state, data(1, 5_000n, now + 5_000)), tick(now + 5_000))
      expect(brief(later.effects).filter((line) => line.startsWith('sign'))).to.deep.equal([])
      expect(later.state.signing).to.equal(undefined)
    })
  })
})
