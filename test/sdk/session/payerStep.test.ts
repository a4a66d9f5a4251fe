import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import {
  capOf,
  consumedOf,
  initialPayerState,
  stepPayer,
  termsOf,
  timing,
  type Message,
  type Offer,
  type PayerEffect,
  type PayerInput,
  type PayerPhase,
  type PayerRecord,
  type PayerState,
} from '@sluice/sdk/session'
import { channel, channelId, offer, payerRecord } from './world.js'

const terms = termsOf(offer)
const now = 1_700_000_100_000
const greeting: Offer = { type: 'offer', ...offer, challenge: `0x${'12'.repeat(32)}` }
const signature = '0xab'

const step = (state: PayerState, input: PayerInput) => stepPayer(terms, state, input)
const run = (state: PayerState, ...inputs: readonly PayerInput[]): PayerState =>
  inputs.reduce((before, input) => step(before, input).state, state)
const say = (message: Message, nowMs = now): PayerInput => ({ type: 'message', message, nowMs })
const play = (playing: boolean, nowMs = now): PayerInput => ({
  type: 'media',
  playing,
  reason: 'viewer',
  nowMs,
})
const tick = (nowMs: number): PayerInput => ({ type: 'tick', nowMs })
const connected = (nowMs = now): PayerInput => ({ type: 'connected', nowMs })
const disconnected = (nowMs = now): PayerInput => ({ type: 'disconnected', reason: 'cut', nowMs })
const proved: PayerInput = { type: 'proved', signature: '0x0f', nowMs: now }
const signed = (cumulative: bigint, nowMs = now): PayerInput => ({
  type: 'signed',
  cumulative,
  signature,
  nowMs,
})
const stop: PayerInput = { type: 'stop', nowMs: now }
const tip = (id: string, amount: bigint): PayerInput => ({
  type: 'tip',
  id,
  amount,
  message: 'gg',
  nowMs: now,
})
const delivered = (units: bigint, nowMs = now): PayerInput => ({ type: 'delivered', units, nowMs })
const data = (sequence: number, units: bigint, nowMs = now): PayerInput =>
  say({ type: 'data', sequence, units, payload: 1 }, nowMs)
const ack = (accepted: bigint, units = 0n, tipId?: string): PayerInput =>
  say({ type: 'ack', accepted, spent: units * 2n, units, ...(tipId === undefined ? {} : { tipId }) })
const snapshot = (change: Partial<Extract<Message, { type: 'snapshot' }>> = {}, nowMs = now): PayerInput =>
  say(
    {
      type: 'snapshot',
      channelId,
      highest: { cumulative: 0n, signature: '0x' },
      spent: 0n,
      units: 0n,
      deposited: 1_000_000n,
      ...change,
    },
    nowMs,
  )
const refusal = (code: string, retryable = false): PayerInput =>
  say({ type: 'error', code, message: 'no', retryable })
const consent: PayerInput = say({ type: 'closed', capturedAmount: 5n, payeeSignature: '0x0c' })

const phases: readonly PayerPhase[] = [
  'offline',
  'greeting',
  'joining',
  'joined',
  'stopping',
  'stopped',
  'displaced',
  'failed',
]

function stateIn(phase: PayerPhase, change: Partial<PayerRecord> = {}): PayerState {
  const offline = initialPayerState(payerRecord(change), now)
  const greeted = run(offline, connected())
  const joining = run(greeted, say(greeting), proved)
  const joined = run(joining, snapshot())
  const state = {
    offline: () => offline,
    greeting: () => greeted,
    joining: () => joining,
    joined: () => joined,
    stopping: () => run(joined, stop),
    stopped: () => run(joined, stop, consent),
    displaced: () => run(joined, refusal('second-tab')),
    failed: () => run(greeted, say({ ...greeting, price: 1n })),
  }[phase]()
  expect(state.phase).to.equal(phase)
  return state
}

function brief(effects: readonly PayerEffect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'sign') return [`sign ${effect.cumulative}`]
    if (effect.type === 'reconnect') return [`reconnect ${effect.afterMs}`]
    if (effect.type === 'hangUp') return [`hang up: ${effect.reason}`]
    if (effect.type === 'emit') {
      const { event } = effect
      if (event.type === 'meter') return []
      return [event.type === 'problem' ? `problem ${event.error.code}` : `emit ${event.type}`]
    }
    if (effect.type !== 'send') return [effect.type]
    const { message } = effect
    if (message.type === 'voucher') return [`send voucher ${message.cumulative}`]
    if (message.type === 'media') return [`send ${message.state}`]
    return [`send ${message.type}`]
  })
}

/** Joined, playing, and the first voucher over the window signed and acknowledged. */
const paying = (change: Partial<PayerRecord> = {}): PayerState =>
  run(stateIn('joined', change), play(true), signed(20_000n), ack(20_000n))

describe('the payer machine', () => {
  describe('joining', () => {
    it('answers the offer with a proof, the proof with open, the snapshot with joined', () => {
      const greeted = step(stateIn('offline'), connected())
      expect(greeted.state.phase).to.equal('greeting')
      expect(greeted.effects).to.deep.equal([])
      const offered = step(greeted.state, say(greeting))
      expect(offered.effects).to.deep.equal([{ type: 'prove', challenge: greeting.challenge }])
      const opening = step(offered.state, proved)
      expect(opening.effects).to.deep.equal([
        { type: 'send', message: { type: 'open', channel, signature: '0x0f' } },
      ])
      const joined = step(opening.state, snapshot())
      expect(joined.state.phase).to.equal('joined')
      expect(brief(joined.effects)).to.deep.equal(['save', 'emit joined', 'send paused'])
    })

    it('starts paying at once when the player runs already', () => {
      const joining = run(stateIn('offline'), play(true), connected(), say(greeting), proved)
      const { effects } = step(joining, snapshot())
      expect(brief(effects)).to.deep.equal(['save', 'emit joined', 'sign 20000'])
    })

    for (const field of [
      'chainId',
      'contract',
      'token',
      'payee',
      'operator',
      'price',
      'unit',
      'per',
    ] as const) {
      it(`refuses to go on when the payee changed ${field}, naming both`, () => {
        const other = { ...greeting, ...{ chainId: 5, unit: 'byte' as const, price: 1n, per: 2n } }
        const changed = {
          ...greeting,
          [field]: field in { chainId: 1, unit: 1, price: 1, per: 1 } ? other[field] : `0x${'ee'.repeat(20)}`,
        }
        const { state, effects } = step(stateIn('greeting'), say(changed))
        expect(state.phase).to.equal('failed')
        expect(brief(effects)).to.deep.equal(['problem offer-changed', 'hang up: offer changed'])
        const [problem] = effects
        const details =
          problem?.type === 'emit' && problem.event.type === 'problem' ? problem.event.error.details : ''
        expect(details).to.equal(`${field}: agreed ${greeting[field]}, now ${changed[field]}`)
      })
    }

    it('goes on with windows, titles and letter case changed', () => {
      const same = {
        ...greeting,
        window: 99n,
        title: 'x',
        payee: offer.payee.toUpperCase().replace('0X', '0x'),
      }
      expect(step(stateIn('greeting'), say(same as Offer)).state.phase).to.equal('joining')
    })

    it('with a changed price goes on when the viewer only wants to end', () => {
      const ending = run(stateIn('offline'), stop, connected())
      expect(step(ending, say({ ...greeting, price: 1n })).state.phase).to.equal('joining')
    })

    for (const phase of phases.filter((name) => name !== 'greeting')) {
      it(`takes no second offer (${phase})`, () => {
        const state = stateIn(phase)
        const after = step(state, say({ ...greeting, price: 1n }))
        expect(after.state.phase).to.equal(phase)
        expect(after.effects).to.deep.equal([])
      })
    }

    for (const phase of phases.filter((name) => name !== 'joining')) {
      it(`ignores a proof nobody waits for (${phase})`, () => {
        const state = stateIn(phase)
        expect(step(state, proved)).to.deep.equal({ state, effects: [] })
      })
    }

    for (const phase of ['offline', 'greeting', 'stopped', 'displaced', 'failed'] as const) {
      it(`believes no snapshot before it asked for one (${phase}) (I18)`, () => {
        const state = stateIn(phase)
        const after = step(state, snapshot({ highest: { cumulative: 9n, signature }, spent: 9n }))
        expect(after.state.record).to.equal(state.record)
        expect(after.effects).to.deep.equal([])
      })
    }

    it('refuses a snapshot of another channel', () => {
      const state = stateIn('joining')
      const after = step(state, snapshot({ channelId: `0x${'77'.repeat(32)}` }))
      expect(after.state.phase).to.equal('joining')
      expect(brief(after.effects)).to.deep.equal(['problem foreign-voucher'])
    })
  })

  describe('a snapshot', () => {
    it('with a higher voucher of its own signing raises what it signed (I18)', () => {
      const highest = { cumulative: 70_000n, signature: '0x77' } as const
      const { state, effects } = step(
        stateIn('joining'),
        snapshot({ highest, spent: 55_000n, units: 25_000n }),
      )
      expect(state.record).to.include({ signed: 70_000n, signature: '0x77', units: 25_000n, tipped: 5_000n })
      expect(effects[0]).to.deep.equal({ type: 'save', record: state.record })
    })

    it('below its own highest brings the voucher again (I18)', () => {
      const joining = stateIn('joining', { signed: 30_000n, signature })
      const { state, effects } = step(
        joining,
        snapshot({ highest: { cumulative: 10_000n, signature: '0x' } }),
      )
      expect(state.record.signed).to.equal(30_000n)
      expect(brief(effects)).to.include('send voucher 30000')
    })

    it('claims time only as far as the player ran here, two seconds granted', () => {
      const joining = run(stateIn('joining', { signed: 30_000n, units: 1_000n }), play(true))
      const highest = { cumulative: 30_000n, signature } as const
      const early = step(joining, snapshot({ highest, units: 60_000n }, now + 500)).state
      expect(early.record.units).to.equal(1_000n + 2_500n)
      const later = step(early, tick(now + 4_000)).state
      expect(later.record.units).to.equal(1_000n + 6_000n)
      const end = step(
        run(later, say({ type: 'ping', id: 1, reply: true }, now + 80_000)),
        tick(now + 80_000),
      ).state
      expect(end.record.units).to.equal(60_000n)
    })

    it('claims bytes only as far as a lost connection may have swallowed, once a connection', () => {
      const perByte = termsOf({ ...offer, unit: 'byte', price: 1n, window: 100n, credit: 30n })
      const joining = stateIn('joining', { signed: 500n })
      const highest = { cumulative: 500n, signature } as const
      const joined = stepPayer(perByte, joining, snapshot({ highest, units: 10_000n })).state
      expect(joined.record.units).to.equal(130n)
      const again = stepPayer(perByte, joined, snapshot({ highest, units: 10_000n })).state
      expect(again.record.units).to.equal(130n)
      expect(stepPayer(perByte, joined, ack(500n, 10_000n)).state.record.units).to.equal(130n)
    })
  })

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

  describe('counting', () => {
    it('takes delivered time no faster than the player ran, two seconds granted', () => {
      const state = run(paying(), data(1, 50_000n, now + 1_000))
      expect(state.record.units).to.equal(3_000n)
      expect(step(state, delivered(9_000n, now + 1_000)).state).to.equal(state)
    })

    it('stops with the player: a pause counts nothing', () => {
      const paused = run(paying(), play(false, now + 1_000), data(1, 500_000n, now + 90_000))
      expect(paused.record.units).to.equal(3_000n)
    })

    it('takes a piece that comes twice, or late, once', () => {
      const state = run(
        paying(),
        data(2, 100n, now + 5_000),
        data(2, 100n, now + 5_000),
        data(1, 100n, now + 5_000),
      )
      expect(state.record.units).to.equal(100n)
      expect(
        run(state, say({ type: 'ack', accepted: 0n, spent: 400n, units: 200n }, now + 5_000)).record.units,
      ).to.equal(200n)
    })

    it('hands a piece on each time it comes', () => {
      const once = run(paying(), data(1, 100n))
      expect(brief(step(once, data(1, 100n)).effects)).to.deep.equal(['emit data'])
    })

    it('starts the sequence anew with a connection', () => {
      const before = run(paying(), data(9, 100n, now + 1_000))
      const joined = run(
        before,
        disconnected(),
        connected(),
        say(greeting),
        proved,
        snapshot({ units: 100n }),
      )
      expect(run(joined, data(1, 100n, now + 1_000)).record.units).to.equal(200n)
    })

    it('catches up with pieces that were lost, by what acknowledgements and receipts claim', () => {
      const acked = run(
        paying(),
        say({ type: 'ack', accepted: 20_000n, spent: 2_000n, units: 1_000n }, now + 900),
      )
      expect(acked.record.units).to.equal(1_000n)
      const figures = {
        channelId,
        accepted: 20_000n,
        spent: 4_000n,
        units: 2_000n,
        at: 5,
        signature,
      } as const
      const receipt = step(acked, say({ type: 'receipt', ...figures }, now + 900))
      expect(receipt.state.record).to.deep.include({ units: 2_000n, receipt: figures })
      expect(brief(receipt.effects)).to.deep.equal(['save', 'emit receipt'])
    })

    it('says once that a fifth of the budget is left', () => {
      const state = paying({ budget: 20_000n })
      const first = step(state, delivered(8_000n, now + 20_000))
      expect(brief(first.effects)).to.deep.equal(['problem budget-low'])
      expect(brief(step(first.state, delivered(500n, now + 20_000)).effects)).to.deep.equal([])
    })

    it('says that the budget is spent when the gate closes on it, and not when it closes otherwise', () => {
      const closes: PayerInput = say({ type: 'media', state: 'paused', reason: 'unpaid' })
      const spent = run(stateIn('joined', { budget: 12_000n }), play(true), signed(12_000n))
      expect(brief(step(spent, closes).effects)).to.deep.equal(['emit media', 'problem budget-spent'])
      expect(brief(step(paying(), closes).effects)).to.deep.equal(['emit media'])
    })
  })

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
      expect(brief(refused.effects)).to.deep.equal(['save', 'problem tip-refused'])
    })

    it('while paused is still paid', () => {
      expect(brief(step(stateIn('joined'), tip('a', 5_000n)).effects)).to.deep.equal(['save', 'sign 25000'])
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
      expect(brief(again.effects)).to.deep.equal(['reconnect 500'])
    })

    for (const phase of ['offline', 'stopped', 'displaced', 'failed'] as const) {
      it(`does nothing when ${phase}`, () => {
        const state = stateIn(phase)
        expect(step(state, tick(now + 90_000))).to.deep.equal({ state, effects: [] })
      })
    }

    it('tries again with growing pauses, at most fifteen seconds, and from the start once joined', () => {
      let state = stateIn('joined')
      const pauses: string[] = []
      for (let attempt = 0; attempt < 8; attempt += 1) {
        const after = step(state, disconnected(now + 1))
        state = after.state
        pauses.push(...brief(after.effects))
      }
      expect(pauses).to.deep.equal(
        [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000].map((ms) => `reconnect ${ms}`),
      )
      const joined = run(state, connected(), say(greeting), proved, snapshot())
      expect(brief(step(joined, disconnected(now)).effects)).to.deep.equal(['reconnect 500'])
    })

    for (const phase of ['stopped', 'displaced', 'failed'] as const) {
      it(`does not connect again when ${phase}`, () => {
        const state = stateIn(phase)
        expect(step(state, disconnected())).to.deep.equal({ state, effects: [] })
        expect(step(state, connected())).to.deep.equal({ state, effects: [] })
      })
    }
  })

  describe('ending', () => {
    it('asks the payee and waits for its consent', () => {
      const stopping = step(paying(), stop)
      expect(brief(stopping.effects)).to.deep.equal(['send close'])
      expect(stopping.state.playingSinceMs).to.equal(undefined)
      const { state, effects } = step(stopping.state, consent)
      expect(state.phase).to.equal('stopped')
      expect(state.record.closed).to.equal(true)
      expect(brief(effects)).to.deep.equal(['save', 'emit closed'])
      expect(brief(step(state, consent).effects)).to.deep.equal(['emit closed'])
    })

    it('is remembered across connections', () => {
      const offline = run(paying(), disconnected(), stop)
      expect(offline.phase).to.equal('offline')
      const { state, effects } = step(run(offline, connected(), say(greeting), proved), snapshot())
      expect(state.phase).to.equal('stopping')
      expect(brief(effects)).to.include('send close')
    })

    for (const phase of ['stopping', 'stopped', 'displaced', 'failed'] as const) {
      it(`asked for again changes nothing (${phase})`, () => {
        const state = stateIn(phase)
        expect(step(state, stop)).to.deep.equal({ state, effects: [] })
      })
    }
  })

  describe('a refusal', () => {
    it('because of a second tab ends this one without another attempt', () => {
      const { state, effects } = step(paying(), refusal('second-tab'))
      expect(state.phase).to.equal('displaced')
      expect(brief(effects)).to.deep.equal(['problem second-tab', 'hang up: displaced'])
    })

    it('of the channel while joining is final unless it may pass', () => {
      expect(step(stateIn('joining'), refusal('terms-refused')).state.phase).to.equal('failed')
      expect(step(stateIn('joining'), refusal('channel-not-open', true)).state.phase).to.equal('joining')
    })

    it('because the channel is being closed is final', () => {
      const { state, effects } = step(paying(), refusal('close-pending'))
      expect(state.phase).to.equal('failed')
      expect(brief(effects)).to.deep.equal(['problem close-pending', 'hang up: close-pending'])
    })

    it('of anything else is said once and the session goes on', () => {
      const first = step(paying(), refusal('amount-exceeds-rate'))
      expect(first.state.phase).to.equal('joined')
      expect(brief(first.effects)).to.deep.equal(['problem amount-exceeds-rate'])
      expect(brief(step(first.state, refusal('amount-exceeds-rate')).effects)).to.deep.equal([])
      expect(brief(step(paying(), refusal('made-up')).effects)).to.deep.equal(['problem internal'])
    })
  })

  it('answers a ping and says when a payee says what only payers say', () => {
    expect(brief(step(paying(), say({ type: 'ping', id: 1, reply: false })).effects)).to.deep.equal([
      'send ping',
    ])
    expect(brief(step(paying(), say({ type: 'ping', id: 1, reply: true })).effects)).to.deep.equal([])
    expect(brief(step(paying(), say({ type: 'close' })).effects)).to.deep.equal([
      'problem unexpected-message',
    ])
  })
})
