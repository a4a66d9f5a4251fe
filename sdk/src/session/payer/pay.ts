import { least } from '../amounts.js'
import type { PayerRecord } from '../ports.js'
import type { Terms } from '../terms.js'
import { before, emit, isOver, save, say, send, still, then, without } from './flow.js'
import { meterOf } from './meter.js'
import { problems } from './problems.js'
import { tipsOf, unanswered, voucherOf } from './sends.js'
import { capOf, consumedOf, isPlaying, isServed } from './state.js'
import type { PayerEffect, PayerInputOf, PayerState, PayerStep } from './state.js'

type PendingTip = PayerRecord['pendingTips'][number]

/**
 * Signs what is due, if anything is. While the player waits for data what comes is counted and nothing is signed for
 * it: a picture that never moves again costs one window.
 */
export function pay(terms: Terms, state: PayerState, why: 'tick' | 'asked'): PayerStep {
  const { record, stalledAt } = state
  const wanted = (state.phase === 'joined' && isPlaying(state)) || record.pendingTips.length > 0
  if (!isServed(state) || state.signing !== undefined || !wanted) return still(state)
  if (record.overcharge !== undefined) return still(state)
  const cap = capOf(record)
  const consumed = consumedOf(terms, stalledAt === undefined ? record : { ...record, units: stalledAt })
  const target = least(consumed + terms.windowAmount, cap)
  const rise = target - record.signed
  if (rise <= 0n || (why === 'tick' && rise < terms.minDelta && target < cap)) return still(state)
  return { state: { ...state, signing: target }, effects: [{ type: 'sign', cumulative: target }] }
}

/** A voucher was signed: it is stored, then sent, then whatever it covers. */
export function signed(terms: Terms, state: PayerState, input: PayerInputOf<'signed'>): PayerStep {
  const free: PayerState = { ...state, signing: undefined }
  // Another source raised `signed` meanwhile: this signature is lower and must never leave.
  if (input.cumulative <= state.record.signed) return still(free)
  const record: PayerRecord = { ...state.record, signed: input.cumulative, signature: input.signature }
  const next: PayerState = { ...free, record, lastSentMs: input.nowMs }
  const effects: PayerEffect[] = [save(record)]
  if (isServed(state)) effects.push(voucherOf(record), ...tipsOf(record))
  return { state: next, effects: [...effects, meterOf(terms, next)] }
}

/** A tip is stored, covered by a voucher if none covers it yet, and sent. */
export function tip(terms: Terms, state: PayerState, input: PayerInputOf<'tip'>): PayerStep {
  const { record } = state
  const { id, amount, message } = input
  if (state.stopWanted || isOver(state)) return { state, effects: [untipped({ id, amount, message })] }
  if (record.pendingTips.some((pending) => pending.id === id)) return still(state)
  const next: PayerRecord = {
    ...record,
    tipped: record.tipped + amount,
    pendingTips: [...record.pendingTips, { id, amount, message }],
  }
  const paid = pay(terms, { ...state, record: next }, 'asked')
  // When a voucher already covers the tip there is nothing to sign, and the tip goes out at once.
  const covered = paid.state.signing === undefined && isServed(state)
  return before([save(next)], covered ? then(paid, tipsOf(next)) : paid)
}

/** The session ends on this connection: with the tips that are on their way, then with the wish to close. */
export function farewell(terms: Terms, state: PayerState, nowMs: number): PayerStep {
  const paid = pay(terms, { ...state, phase: 'stopping', stoppingSinceMs: nowMs }, 'asked')
  return then(paid, paid.state.signing === undefined ? unanswered(paid.state, nowMs) : [])
}

/**
 * Tips that will not reach the payee any more are taken back, and said. Those whose acknowledgement was lost, or came
 * to another copy of the store, it has counted: in the order in which they were sent.
 */
export function takeTipsBack(state: PayerState): PayerStep {
  const { pendingTips } = state.record
  if (pendingTips.length === 0) return still(state)
  let tipped = pendingTips.reduce((sum, { amount }) => sum - amount, state.record.tipped)
  const unsent: PendingTip[] = []
  const events = pendingTips.map((tip) => {
    if (tipped + tip.amount > state.reportedTips) {
      unsent.push(tip)
      return untipped(tip)
    }
    tipped += tip.amount
    return emit({ type: 'tipped', id: tip.id })
  })
  const next: PayerState = { ...state, record: { ...state.record, pendingTips: [], tipped } }
  return then(unsent.length > 0 ? say(next, problems.unsent(unsent)) : still(next), events)
}

function untipped(tip: PendingTip): PayerEffect {
  return emit({ type: 'untipped', id: tip.id, error: problems.unsent([tip]) })
}

/** More may be spent. */
export function funded(terms: Terms, state: PayerState, input: PayerInputOf<'funded'>): PayerStep {
  const record: PayerRecord = { ...state.record, deposited: input.deposited, budget: input.budget }
  const effects: PayerEffect[] = [save(record)]
  if (state.phase === 'joined' && input.deposited > state.record.deposited) {
    effects.push(send({ type: 'topup' }))
  }
  const said = without(without(state.said, 'budget-low'), 'budget-spent')
  return before(effects, pay(terms, { ...state, record, said }, 'asked'))
}
