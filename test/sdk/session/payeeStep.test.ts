import { expect } from 'chai'
import {
  initialPayeeState,
  nextTickMs,
  stepPayee,
  termsOf,
  timing,
  type PayeeEffect,
  type PayeeInput,
  type PayeePhase,
  type PayeeRecord,
  type PayeeState,
} from '@sluice/sdk/session'
import { offer, payeeRecord } from './world.js'

const terms = termsOf(offer)
const now = 1_700_000_100_000
const consent = { capturedAmount: 5_000n, payeeSignature: '0x0c' } as const

const record = (change: Partial<PayeeRecord> = {}): PayeeRecord =>
  payeeRecord({ accepted: 20_000n, spent: 2_000n, units: 1_000n, signature: '0xab', ...change })

/** A state of each phase, reached as the machine reaches it. */
function stateIn(phase: PayeePhase, change: Partial<PayeeRecord> = {}): PayeeState {
  const idle = (of: PayeeRecord) => initialPayeeState(of, new Map(), now)
  const joined = (of: PayeeRecord) =>
    stepPayee(terms, idle(of), { type: 'attach', session: 1, nowMs: now }).state
  const state = {
    idle: () => idle(record(change)),
    paid: () => joined(record(change)),
    credit: () => {
      const nearly = joined(record({ spent: 19_900n, units: 9_950n, ...change }))
      return stepPayee(terms, nearly, deliver(1_600n)).state
    },
    gated: () => joined(record({ spent: 20_000n, units: 10_000n, ...change })),
    ending: () => joined(record({ consent, ...change })),
    closed: () => joined(record({ closed: true, ...change })),
  }[phase]()
  expect(state.phase).to.equal(phase)
  return state
}

const phases: readonly PayeePhase[] = ['idle', 'paid', 'credit', 'gated', 'ending', 'closed']
const deliver = (units: bigint, nowMs = now): PayeeInput => ({ type: 'deliver', request: 7, units, nowMs })
const voucher = (cumulative: bigint, nowMs = now): PayeeInput => ({
  type: 'voucher',
  cumulative,
  signature: '0xcd',
  nowMs,
})
const tip = (id: string, amount: bigint): PayeeInput => ({
  type: 'tip',
  id,
  amount,
  message: 'gg',
  nowMs: now,
})
const charge = (amount: bigint): PayeeInput => ({ type: 'charge', request: 9, amount, units: 1n, nowMs: now })
const tick = (nowMs: number): PayeeInput => ({ type: 'tick', nowMs })
const chain = (change: Partial<Extract<PayeeInput, { type: 'chain' }>>): PayeeInput => ({
  type: 'chain',
  deposited: 1_000_000n,
  claimed: 0n,
  closeRequestedAt: 0,
  closed: false,
  nowMs: now,
  ...change,
})
const step = (state: PayeeState, input: PayeeInput) => stepPayee(terms, state, input)

/** Effects in short: their type, and of a message its type and what matters. */
function brief(effects: readonly PayeeEffect[]): readonly string[] {
  return effects.map((effect) => {
    if (effect.type === 'gate') return `gate ${effect.open ? 'open' : 'closed'} ${effect.reason}`
    if (effect.type === 'release') return `release ${effect.request} ${effect.granted}`
    if (effect.type === 'settle') return `settle ${effect.reason}`
    if (effect.type === 'consent') return `consent ${effect.capturedAmount}`
    if (effect.type !== 'send') return effect.type
    const { message } = effect
    if (message.type === 'error') return `send ${message.code}`
    if (message.type === 'media') return `send ${message.state} ${message.reason}`
    if (message.type === 'ack')
      return `send ack ${message.accepted}${message.tipId === undefined ? '' : ` ${message.tipId}`}`
    return `send ${message.type}`
  })
}

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

  describe('a higher voucher', () => {
    it('is stored before it is acknowledged (I16)', () => {
      const { state, effects } = step(stateIn('paid'), voucher(30_000n))
      expect(brief(effects)).to.deep.equal(['save', 'send ack 30000'])
      expect(effects[0]).to.deep.include({ record: state.record })
      expect(state.record).to.include({ accepted: 30_000n, signature: '0xcd' })
    })

    it('opens a closed gate when it pays for something', () => {
      const { state, effects } = step(stateIn('gated'), voucher(20_001n))
      expect(state.phase).to.equal('paid')
      expect(state.holdEndsMs).to.equal(undefined)
      expect(brief(effects)).to.deep.equal(['save', 'send ack 20001', 'gate open paid', 'send playing paid'])
    })

    it('leaves the gate closed when it only pays for what is owed', () => {
      const gated = stateIn('gated', { accepted: 18_000n, spent: 20_000n, units: 10_000n })
      const { state, effects } = step(gated, voucher(20_000n))
      expect(state.phase).to.equal('gated')
      expect(brief(effects)).to.deep.equal(['save', 'send ack 20000'])
    })

    it('ends the grace time', () => {
      const credit = stateIn('credit')
      expect(credit.graceEndsMs).to.equal(now + timing.graceMs)
      const { state } = step(credit, voucher(30_000n))
      expect(state.phase).to.equal('paid')
      expect(state.graceEndsMs).to.equal(undefined)
    })

    it('keeps the grace time running when it does not cover what is owed', () => {
      const credit = stateIn('credit')
      const { state } = step(credit, voucher(20_001n))
      expect(state.phase).to.equal('credit')
      expect(state.graceEndsMs).to.equal(credit.graceEndsMs)
    })

    it('is taken while nobody is connected, and opens nothing', () => {
      const { state, effects } = step(stateIn('idle'), voucher(30_000n))
      expect(state.phase).to.equal('idle')
      expect(brief(effects)).to.deep.equal(['save', 'send ack 30000'])
    })

    for (const phase of ['ending', 'closed'] as const) {
      it(`changes nothing any more when ${phase}`, () => {
        const state = stateIn(phase)
        const after = step(state, voucher(30_000n))
        expect(after.state).to.equal(state)
        expect(brief(after.effects)).to.deep.equal(['send ack 20000'])
      })
    }
  })

  describe('an equal or lower voucher', () => {
    for (const phase of phases) {
      it(`changes nothing and is answered with the highest (${phase}) (I12)`, () => {
        const state = stateIn(phase)
        for (const cumulative of [20_000n, 19_999n, 0n]) {
          const after = step(state, voucher(cumulative))
          expect(after.state).to.equal(state)
          expect(brief(after.effects)).to.deep.equal(['send ack 20000'])
        }
      })
    }
  })

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
      const paused = step(stateIn('paid'), { type: 'media', playing: false, nowMs: now }).state
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

    it('keeps the beat of receipts through a silence, so that a crowd that comes back is not signed for at once', () => {
      const late = step(stateIn('paid'), deliver(100n, now + 73_000))
      expect(brief(late.effects)).to.deep.equal(['save', 'release 7 true'])
      expect(nextTickMs(late.state)).to.equal(now + 80_000)
      expect(step(late.state, tick(now + 79_999)).effects).to.deep.equal([])
      expect(brief(step(late.state, tick(now + 80_000)).effects)).to.deep.equal(['receipt'])
    })

    it('brings a receipt at once when the viewer pauses, and nothing when it plays on', () => {
      const news = step(stateIn('paid'), deliver(100n)).state
      const paused = step(news, { type: 'media', playing: false, nowMs: now + 1 })
      expect(brief(paused.effects)).to.deep.equal(['receipt'])
      expect(paused.state.viewerPlaying).to.equal(false)
      const again = step(paused.state, { type: 'media', playing: false, nowMs: now + 2 })
      expect(again.state).to.equal(paused.state)
      expect(again.effects).to.deep.equal([])
      const plays = step(paused.state, { type: 'media', playing: true, nowMs: now + 3 })
      expect(plays.effects).to.deep.equal([])
      expect(plays.state.viewerPlaying).to.equal(true)
    })

    it('answers a viewer who plays before a closed gate with how things stand, each time (I25)', () => {
      const gated = stateIn('gated')
      const again = step(gated, { type: 'media', playing: true, nowMs: now })
      expect(again.state).to.equal(gated)
      expect(brief(again.effects)).to.deep.equal(['send ack 20000'])
      const paused = step(gated, { type: 'media', playing: false, nowMs: now }).state
      expect(brief(step(paused, { type: 'media', playing: true, nowMs: now }).effects)).to.deep.equal([
        'send ack 20000',
      ])
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

  describe('a tip', () => {
    it('that a voucher covers is stored and counted, then acknowledged by its id', () => {
      const { state, effects } = step(stateIn('paid'), tip('a', 18_000n))
      expect(brief(effects)).to.deep.equal(['save', 'send ack 20000 a', 'tipped'])
      expect(state.record).to.include({ spent: 20_000n, tipped: 18_000n })
      expect(effects[0]).to.have.nested.property('tip.amount', 18_000n)
    })

    it('sent again is acknowledged again and counted once (I19)', () => {
      const once = step(stateIn('paid'), tip('a', 500n)).state
      const twice = step(once, tip('a', 500n))
      expect(twice.state).to.equal(once)
      expect(brief(twice.effects)).to.deep.equal(['send ack 20000 a'])
    })

    it('of the same id over another amount is refused (I19)', () => {
      const once = step(stateIn('paid'), tip('a', 500n)).state
      const other = step(once, tip('a', 501n))
      expect(other.state).to.equal(once)
      expect(brief(other.effects)).to.deep.equal(['send idempotency-conflict'])
    })

    it('known from before a restart is counted once (I19)', () => {
      const state = initialPayeeState(record(), new Map([['a', 500n]]), now)
      expect(step(state, tip('a', 500n)).state).to.equal(state)
    })

    it('that no voucher covers is refused by one base unit, and may come again: never on credit', () => {
      const state = stateIn('paid')
      const after = step(state, tip('a', 18_001n))
      expect(after.state).to.equal(state)
      expect(after.effects[0]).to.deep.include({ type: 'send' })
      expect(after.effects[0]).to.have.nested.property('message.retryable', true)
    })

    it('of nothing is refused', () => {
      expect(brief(step(stateIn('paid'), tip('a', 0n)).effects)).to.deep.equal(['send tip-refused'])
    })

    for (const phase of ['ending', 'closed'] as const) {
      it(`is refused when ${phase}`, () => {
        const state = stateIn(phase)
        const after = step(state, tip('a', 1n))
        expect(after.state).to.equal(state)
        expect(brief(after.effects)).to.deep.equal(['send tip-refused'])
      })
    }
  })

  describe('a charge outside a session', () => {
    it('is stored before it is released, whoever is connected', () => {
      for (const phase of ['idle', 'paid'] as const) {
        const state = stateIn(phase, { spent: 10_000n })
        const after = step(state, charge(10_000n))
        expect(brief(after.effects)).to.deep.equal(['save', 'release 9 true'])
        expect(after.state.record).to.include({ spent: 20_000n, units: state.record.units + 1n })
      }
    })

    it('gets no credit: one base unit above what vouchers cover is refused (I15)', () => {
      const state = stateIn('paid')
      const after = step(state, charge(18_001n))
      expect(after.state).to.equal(state)
      expect(brief(after.effects)).to.deep.equal(['release 9 false'])
    })

    for (const phase of ['ending', 'closed'] as const) {
      it(`is refused when ${phase}`, () => {
        expect(brief(step(stateIn(phase), charge(1n)).effects)).to.deep.equal(['release 9 false'])
      })
    }

    it('is refused while a consent is being signed', () => {
      const closing = step(stateIn('paid'), { type: 'close', nowMs: now }).state
      expect(brief(step(closing, charge(1n)).effects)).to.deep.equal(['release 9 false'])
    })
  })

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
