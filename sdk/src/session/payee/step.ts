import { least } from '../amounts.js'
import { costOf } from '../price.js'
import type { PayeeRecord, StoredTip } from '../ports.js'
import { timing, type Terms } from '../terms.js'
import type { MediaReason } from '../messages.js'
import { ackOf, gate, refuse, snapshotOf } from './answers.js'
import { close, consented, submitted } from './closing.js'
import { lastBeatMs, restingPhase } from './state.js'
import type { PayeeEffect, PayeeInput, PayeeState, PayeeStep } from './state.js'

type InputOf<Type extends PayeeInput['type']> = Extract<PayeeInput, { type: Type }>

/**
 * The payee's machine: what one input makes of a channel, and what is to be done about it. Pure.
 *
 * Invariants it holds: I15 `spent <= accepted + credit`, I19 a tip's id counts once, I21 `spent <= deposited`.
 *
 * @param terms of the offer the channel was opened for
 * @param state before
 * @param input what happened
 */
export function stepPayee(terms: Terms, state: PayeeState, input: PayeeInput): PayeeStep {
  const result = react(terms, state, input)
  return 'nowMs' in input && !hasNews(state) && hasNews(result.state) ? inRhythm(result, input.nowMs) : result
}

/** News after a long silence waits for the channel's own beat: its receipt is not due at once. */
function inRhythm(result: PayeeStep, nowMs: number): PayeeStep {
  const { record, lastReceiptMs } = result.state
  if (nowMs - lastReceiptMs < timing.receiptMs) return result
  return { ...result, state: { ...result.state, lastReceiptMs: lastBeatMs(record.channelId, nowMs) } }
}

function react(terms: Terms, state: PayeeState, input: PayeeInput): PayeeStep {
  switch (input.type) {
    case 'attach':
      return attach(state, input)
    case 'detach':
      return detach(state, input)
    case 'voucher':
      return voucher(state, input)
    case 'tip':
      return tip(state, input)
    case 'media':
      return media(state, input)
    case 'deliver':
      return deliver(terms, state, input)
    case 'charge':
      return charge(state, input)
    case 'close':
      return close(state)
    case 'consented':
      return consented(state, input)
    case 'submitted':
      return submitted(state, input)
    case 'chain':
      return chain(state, input)
    case 'tick':
      return tick(state, input.nowMs)
  }
}

/**
 * When the machine wants a `tick` next, milliseconds; undefined: not before something happens.
 *
 * @param state of the channel
 */
export function nextTickMs(state: PayeeState): number | undefined {
  const receiptMs =
    state.session !== undefined && hasNews(state) ? state.lastReceiptMs + timing.receiptMs : Infinity
  const due = Math.min(state.graceEndsMs ?? Infinity, state.holdEndsMs ?? Infinity, receiptMs)
  return due === Infinity ? undefined : due
}

function attach(state: PayeeState, input: InputOf<'attach'>): PayeeStep {
  const { record } = state
  const effects: PayeeEffect[] = [{ type: 'send', message: snapshotOf(record) }]
  if (record.consent !== undefined)
    effects.push({ type: 'send', message: { type: 'closed', ...record.consent } })
  const attached: PayeeState = {
    ...state,
    session: input.session,
    viewerPlaying: true,
    needSaid: false,
    graceEndsMs: undefined,
    holdEndsMs: undefined,
  }
  if (restingPhase(record) !== 'idle') {
    return { state: { ...attached, phase: restingPhase(record) }, effects }
  }
  // A consent is being signed: whoever joins now must not spend more than it will say.
  if (state.phase === 'ending') return { state: attached, effects }
  if (record.accepted > record.spent) {
    return { state: { ...attached, phase: 'paid' }, effects: [...effects, ...gate(true, 'paid')] }
  }
  const closed = closeGate(attached, input.nowMs, 'unpaid')
  return { state: closed.state, effects: [...effects, ...closed.effects] }
}

function detach(state: PayeeState, input: InputOf<'detach'>): PayeeStep {
  if (state.session !== input.session) return { state, effects: [] }
  const resting: PayeeState = {
    ...state,
    session: undefined,
    phase: restingPhase(state.record),
    graceEndsMs: undefined,
    holdEndsMs: isUnsettled(state.record) ? input.nowMs + timing.holdMs : undefined,
  }
  return { state: resting, effects: [{ type: 'gate', open: false, reason: 'viewer' }] }
}

function voucher(state: PayeeState, input: InputOf<'voucher'>): PayeeStep {
  if (input.cumulative <= state.record.accepted || restingPhase(state.record) !== 'idle') {
    return { state, effects: [ackOf(state.record)] }
  }
  const record: PayeeRecord = { ...state.record, accepted: input.cumulative, signature: input.signature }
  const effects: PayeeEffect[] = [{ type: 'save', record }, ackOf(record)]
  const next: PayeeState = { ...state, record, needSaid: false }
  const pays = record.accepted > record.spent
  if (!pays || (state.phase !== 'credit' && state.phase !== 'gated')) return { state: next, effects }
  if (state.phase === 'gated') effects.push(...gate(true, 'paid'))
  return { state: { ...next, phase: 'paid', graceEndsMs: undefined, holdEndsMs: undefined }, effects }
}

function tip(state: PayeeState, input: InputOf<'tip'>): PayeeStep {
  const { record } = state
  const counted = state.tips.get(input.id)
  if (counted !== undefined) {
    if (counted === input.amount) return { state, effects: [ackOf(record, input.id)] }
    return {
      state,
      effects: [refuse('idempotency-conflict', `Tip ${input.id} was counted over another amount.`, false)],
    }
  }
  if (
    restingPhase(record) !== 'idle' ||
    input.amount === 0n ||
    record.spent + input.amount > record.accepted
  ) {
    return { state, effects: [refuse('tip-refused', 'The tip is not covered by a voucher.', true)] }
  }
  const stored: StoredTip = {
    channelId: record.channelId,
    id: input.id,
    amount: input.amount,
    message: input.message,
    atMs: input.nowMs,
  }
  const next: PayeeRecord = {
    ...record,
    spent: record.spent + input.amount,
    tipped: record.tipped + input.amount,
  }
  return {
    state: { ...state, record: next, tips: new Map(state.tips).set(input.id, input.amount) },
    effects: [
      { type: 'save', record: next, tip: stored },
      ackOf(next, input.id),
      { type: 'tipped', tip: stored },
    ],
  }
}

function media(state: PayeeState, input: InputOf<'media'>): PayeeStep {
  // Whoever plays before a closed gate may have missed why it closed, and would wait for ever.
  const answer = input.playing && state.phase === 'gated' ? [ackOf(state.record)] : []
  // A player that waits for data moves again only when it gets some.
  const viewerPlaying = input.playing || input.reason === 'buffering'
  if (state.viewerPlaying === viewerPlaying) return { state, effects: answer }
  const next: PayeeState = { ...state, viewerPlaying }
  if (viewerPlaying) return { state: next, effects: answer }
  return receipt(next, input.nowMs)
}

function deliver(terms: Terms, state: PayeeState, input: InputOf<'deliver'>): PayeeStep {
  const { record } = state
  const answer = (granted: boolean): PayeeEffect => ({ type: 'release', request: input.request, granted })
  if (!state.viewerPlaying || (state.phase !== 'paid' && state.phase !== 'credit')) {
    return { state, effects: [answer(false)] }
  }
  const units = record.units + input.units
  const spent = record.spent + costOf(terms.price, units) - costOf(terms.price, record.units)
  // Credit is for those who have paid before: otherwise every new channel would buy a few seconds for nothing.
  const credit = record.accepted === 0n ? 0n : terms.creditAmount
  const limit = least(record.accepted + credit, record.deposited)
  if (spent > limit) {
    const closed = closeGate(state, input.nowMs, 'unpaid')
    return { state: closed.state, effects: [answer(false), ...closed.effects] }
  }
  const next: PayeeRecord = { ...record, units, spent }
  const effects: PayeeEffect[] = [{ type: 'save', record: next }, answer(true)]
  const after = warn(terms, { ...state, record: next }, input.nowMs)
  return { state: after.state, effects: [...effects, ...after.effects] }
}

/** Sells something outside a session: paid in full beforehand, never on credit, whoever is connected. */
function charge(state: PayeeState, input: InputOf<'charge'>): PayeeStep {
  const { record } = state
  const answer = (granted: boolean): PayeeEffect => ({ type: 'release', request: input.request, granted })
  const spent = record.spent + input.amount
  if (restingPhase(record) !== 'idle' || state.phase === 'ending' || spent > record.accepted) {
    return { state, effects: [answer(false)] }
  }
  const next: PayeeRecord = { ...record, spent, units: record.units + input.units }
  return { state: { ...state, record: next }, effects: [{ type: 'save', record: next }, answer(true)] }
}

/** Says `need` at half the window, and starts the grace time when delivery goes on credit. */
function warn(terms: Terms, state: PayeeState, nowMs: number): PayeeStep {
  const { record } = state
  const prepaid = record.accepted - record.spent
  const onCredit = prepaid < 0n
  const graceEndsMs = onCredit ? (state.graceEndsMs ?? nowMs + timing.graceMs) : undefined
  const next: PayeeState = { ...state, phase: onCredit ? 'credit' : 'paid', graceEndsMs }
  if (prepaid * 2n > terms.windowAmount || state.needSaid) return { state: next, effects: [] }
  return {
    state: { ...next, needSaid: true },
    effects: [
      {
        type: 'send',
        message: {
          type: 'need',
          required: least(record.spent + terms.windowAmount, record.deposited),
          accepted: record.accepted,
          deposited: record.deposited,
          deadline: Math.ceil((nowMs + timing.graceMs) / 1000),
        },
      },
    ],
  }
}

function chain(state: PayeeState, input: InputOf<'chain'>): PayeeStep {
  const before = state.record
  const record: PayeeRecord = {
    ...before,
    deposited: input.deposited,
    // A reorganisation may take a claim back; it is sent again, and no amount of a record falls.
    claimed: input.claimed > before.claimed ? input.claimed : before.claimed,
    closeRequestedAt: input.closeRequestedAt,
    closed: input.closed,
  }
  const same =
    record.deposited === before.deposited &&
    record.claimed === before.claimed &&
    record.closeRequestedAt === before.closeRequestedAt &&
    record.closed === before.closed
  if (same) return { state, effects: [] }
  const effects: PayeeEffect[] = [{ type: 'save', record }]
  const next: PayeeState = { ...state, record }
  const ends = restingPhase(record) !== 'idle' && restingPhase(before) === 'idle'
  if (ends) {
    effects.push(...gate(false, 'closing'))
    if (!record.closed && isUnsettled(record)) effects.push({ type: 'settle', reason: 'close-requested' })
    return {
      state: { ...next, phase: restingPhase(record), graceEndsMs: undefined, holdEndsMs: undefined },
      effects,
    }
  }
  if (record.closed) return { state: { ...next, phase: 'closed', holdEndsMs: undefined }, effects }
  const reopened = restingPhase(before) !== 'idle' && restingPhase(record) === 'idle'
  if (reopened) {
    // A reorganisation took the payer's request back.
    const phase = state.session === undefined ? 'idle' : 'gated'
    return reopen({ ...next, phase }, [...effects, { type: 'send', message: snapshotOf(record) }])
  }
  if (record.deposited === before.deposited) return { state: next, effects }
  return reopen(next, [...effects, { type: 'send', message: snapshotOf(record) }])
}

/** Opens a gate that only the chain held closed: the payer has paid ahead and would wait with its next voucher. */
function reopen(state: PayeeState, effects: readonly PayeeEffect[]): PayeeStep {
  const { accepted, spent, deposited } = state.record
  if (state.phase !== 'gated' || spent >= least(accepted, deposited)) return { state, effects }
  return {
    state: { ...state, phase: 'paid', holdEndsMs: undefined },
    effects: [...effects, ...gate(true, 'paid')],
  }
}

function tick(state: PayeeState, nowMs: number): PayeeStep {
  if (state.graceEndsMs !== undefined && nowMs >= state.graceEndsMs) return closeGate(state, nowMs, 'unpaid')
  if (state.holdEndsMs !== undefined && nowMs >= state.holdEndsMs) {
    const effects: PayeeEffect[] = isUnsettled(state.record) ? [{ type: 'settle', reason: 'hold' }] : []
    return { state: { ...state, holdEndsMs: undefined }, effects }
  }
  const due = state.session !== undefined && nowMs >= state.lastReceiptMs + timing.receiptMs && hasNews(state)
  return due ? receipt(state, nowMs) : { state, effects: [] }
}

function closeGate(state: PayeeState, nowMs: number, reason: MediaReason): PayeeStep {
  const gated: PayeeState = {
    ...state,
    phase: 'gated',
    graceEndsMs: undefined,
    holdEndsMs: nowMs + timing.holdMs,
  }
  const signed = receipt(gated, nowMs)
  return { state: signed.state, effects: [...gate(false, reason), ...signed.effects] }
}

function receipt(state: PayeeState, nowMs: number): PayeeStep {
  if (!hasNews(state)) return { state, effects: [] }
  const { accepted, spent, units } = state.record
  return {
    state: {
      ...state,
      lastReceiptMs: lastBeatMs(state.record.channelId, nowMs),
      lastReceipt: { accepted, spent },
    },
    effects: [{ type: 'receipt', accepted, spent, units }],
  }
}

function hasNews(state: PayeeState): boolean {
  const { record, lastReceipt } = state
  return record.spent !== lastReceipt.spent || record.accepted !== lastReceipt.accepted
}

function isUnsettled(record: PayeeRecord): boolean {
  return record.accepted > record.claimed
}
