import type { SluiceError } from '../../errors.js'
import { costOf, unitsFor } from '../price.js'
import type { MediaReason, Message, Offer, Snapshot } from '../messages.js'
import type { PayerRecord } from '../ports.js'
import { timing, type Terms } from '../terms.js'
import { problems } from './problems.js'
import { capOf, consumedOf, isPlaying } from './state.js'
import type { PayerEffect, PayerInput, PayerState, PayerStep } from './state.js'

type InputOf<Type extends PayerInput['type']> = Extract<PayerInput, { type: Type }>
type MessageOf<Type extends Message['type']> = Extract<Message, { type: Type }>

/** Time a payee may count beyond what has passed here, milliseconds: pieces sent in a burst, clocks that differ. */
const meterSlackMs = 2_000

/**
 * The payer's machine: what one input makes of a session, and what is to be done about it. Pure.
 *
 * It signs at most what was delivered, plus the prepaid window, plus tips, and never above budget or deposit (I17),
 * nor below what it signed before (I18). So a payee that cheats or falls silent can take one window, no more.
 *
 * @param terms of the offer the channel was opened for
 * @param state before
 * @param input what happened
 */
export function stepPayer(terms: Terms, state: PayerState, input: PayerInput): PayerStep {
  switch (input.type) {
    case 'connected':
      return connected(state, input)
    case 'disconnected':
      return disconnected(state, input)
    case 'message':
      return message(terms, { ...state, lastHeardMs: input.nowMs }, input)
    case 'proved':
      return proved(state, input)
    case 'media':
      return media(terms, state, input)
    case 'delivered':
      return delivered(terms, state, input.units, input.nowMs)
    case 'signed':
      return signed(terms, state, input)
    case 'signFailed':
      return say({ ...state, signing: undefined }, input.error)
    case 'tip':
      return tip(terms, state, input)
    case 'funded':
      return funded(terms, state, input)
    case 'stop':
      return stop(state, input)
    case 'tick':
      return tick(terms, state, input.nowMs)
  }
}

function connected(state: PayerState, input: InputOf<'connected'>): PayerStep {
  if (isOver(state)) return still(state)
  return still({
    ...state,
    phase: 'greeting',
    proof: undefined,
    lastHeardMs: input.nowMs,
    lastPingMs: input.nowMs,
  })
}

function disconnected(state: PayerState, input: InputOf<'disconnected'>): PayerStep {
  if (isOver(state)) return still(state)
  const attempts = state.attempts + 1
  const afterMs = Math.min(500 * 2 ** (attempts - 1), 15_000)
  const silentMs = input.nowMs - state.lastHeardMs
  const offline: PayerState = {
    ...state,
    phase: 'offline',
    attempts,
    gate: { open: false, reason: 'source' },
  }
  const reconnect: PayerEffect = { type: 'reconnect', afterMs }
  if (silentMs < timing.silenceMs) return { state: offline, effects: [reconnect] }
  return then(say(offline, problems.payeeOffline(silentMs)), [reconnect])
}

function message(terms: Terms, state: PayerState, input: InputOf<'message'>): PayerStep {
  const { message: received, nowMs } = input
  switch (received.type) {
    case 'offer':
      return offer(state, received)
    case 'snapshot':
      return snapshot(terms, state, received, nowMs)
    case 'ack':
      return ack(state, received)
    case 'need':
      return pay(terms, state, 'asked')
    case 'media':
      return gate(state, received)
    case 'data': {
      const counted = delivered(terms, state, received.units, nowMs)
      const { sequence, units, payload } = received
      return then(counted, [{ type: 'emit', event: { type: 'data', sequence, units, payload } }])
    }
    case 'receipt':
      return receipt(state, received)
    case 'closed':
      return closed(state, received)
    case 'ping':
      if (received.reply) return still(state)
      return { state, effects: [{ type: 'send', message: { type: 'ping', id: received.id, reply: true } }] }
    case 'error':
      return refused(state, received)
    default:
      return say(state, problems.unexpected(received.type))
  }
}

function offer(state: PayerState, received: Offer): PayerStep {
  if (state.phase !== 'greeting') return still(state)
  const changed = differences(state.record.offer, received)
  // Who only wants to end goes on: the contract holds the payee to the channel's own terms.
  if (changed !== undefined && !state.stopWanted) {
    return then(say({ ...state, phase: 'failed' }, problems.offerChanged(changed)), [
      { type: 'hangUp', reason: 'offer changed' },
    ])
  }
  return {
    state: { ...state, phase: 'joining' },
    effects: [{ type: 'prove', challenge: received.challenge }],
  }
}

/** What the viewer agreed to and the payee now says otherwise; undefined: nothing. */
function differences(agreed: Offer, now: Offer): string | undefined {
  const fixed = ['chainId', 'contract', 'token', 'payee', 'operator', 'price', 'unit', 'per'] as const
  const name = fixed.find((field) => String(agreed[field]).toLowerCase() !== String(now[field]).toLowerCase())
  return name === undefined ? undefined : `${name}: agreed ${agreed[name]}, now ${now[name]}`
}

function proved(state: PayerState, input: InputOf<'proved'>): PayerStep {
  if (state.phase !== 'joining') return still(state)
  const next: PayerState = { ...state, proof: input.signature, lastSentMs: input.nowMs }
  return { state: next, effects: unanswered(next) }
}

function snapshot(terms: Terms, state: PayerState, received: Snapshot, nowMs: number): PayerStep {
  if (received.channelId !== state.record.channelId) return say(state, problems.foreign(received.channelId))
  const joining = state.phase === 'joining'
  if (!joining && state.phase !== 'joined' && state.phase !== 'stopping') return still(state)
  const record = reconcile(terms, state.record, received)
  const next: PayerState = {
    ...state,
    record,
    acknowledged: greatest(state.acknowledged, received.highest.cumulative),
    reported: greatest(state.reported, received.spent),
    attempts: 0,
    said: without(state.said, 'payee-offline'),
  }
  const effects: PayerEffect[] = [{ type: 'save', record }]
  if (joining) {
    effects.push({ type: 'emit', event: { type: 'joined', resumed: received.highest.cumulative > 0n } })
    if (!isPlaying(state)) effects.push(mediaOf(false, 'viewer'))
  }
  if (record.signed > received.highest.cumulative) effects.push(voucherOf(record))
  const phase = state.stopWanted ? 'stopping' : 'joined'
  if (state.stopWanted && joining) effects.push({ type: 'send', message: { type: 'close' } })
  return before(effects, pay(terms, { ...next, phase, lastSentMs: nowMs }, 'asked'))
}

/**
 * Takes up what the payee holds. A higher voucher than ours bears our own signature, which the runtime has checked:
 * an older copy of our store is in use, and we never sign below it (I18). Otherwise our own count stands, but for the
 * slack that a lost connection may hide.
 */
function reconcile(terms: Terms, record: PayerRecord, received: Snapshot): PayerRecord {
  const { highest } = received
  if (highest.cumulative <= record.signed) {
    const slack = terms.price.unit === 'second' ? BigInt(meterSlackMs) : 0n
    return { ...record, units: greatest(record.units, least(received.units, record.units + slack)) }
  }
  const units = greatest(record.units, received.units)
  const tipped = greatest(
    record.tipped,
    least(received.spent, highest.cumulative) - costOf(terms.price, units),
  )
  return { ...record, signed: highest.cumulative, signature: highest.signature, units, tipped }
}

function ack(state: PayerState, received: MessageOf<'ack'>): PayerStep {
  const next: PayerState = {
    ...state,
    acknowledged: greatest(state.acknowledged, received.accepted),
    reported: greatest(state.reported, received.spent),
  }
  const { tipId } = received
  if (tipId === undefined) return still(next)
  const pendingTips = next.record.pendingTips.filter((pending) => pending.id !== tipId)
  if (pendingTips.length === next.record.pendingTips.length) return still(next)
  const record: PayerRecord = { ...next.record, pendingTips }
  return {
    state: { ...next, record },
    effects: [
      { type: 'save', record },
      { type: 'emit', event: { type: 'tipped', id: tipId } },
    ],
  }
}

function gate(state: PayerState, received: MessageOf<'media'>): PayerStep {
  const open = received.state === 'playing'
  const event: PayerEffect = { type: 'emit', event: { type: 'media', open, reason: received.reason } }
  const next: PayerState = { ...state, gate: { open, reason: received.reason } }
  const spentUp = !open && received.reason === 'unpaid' && next.record.signed >= capOf(next.record)
  if (!spentUp || next.record.signed === 0n) return { state: next, effects: [event] }
  return before([event], say(next, problems.budgetSpent()))
}

function receipt(state: PayerState, received: MessageOf<'receipt'>): PayerStep {
  const { channelId, accepted, spent, units, at, signature } = received
  const kept = { channelId, accepted, spent, units, at, signature }
  const record: PayerRecord = { ...state.record, receipt: kept }
  return {
    state: { ...state, record, reported: greatest(state.reported, spent) },
    effects: [
      { type: 'save', record },
      { type: 'emit', event: { type: 'receipt', receipt: kept } },
    ],
  }
}

function closed(state: PayerState, received: MessageOf<'closed'>): PayerStep {
  const { capturedAmount, payeeSignature, transaction } = received
  const record: PayerRecord = { ...state.record, closed: true }
  const event: PayerEffect = {
    type: 'emit',
    event: { type: 'closed', capturedAmount, payeeSignature, transaction },
  }
  const next: PayerState = { ...rest(state, state.lastHeardMs), record, phase: 'stopped' }
  return { state: next, effects: state.record.closed ? [event] : [{ type: 'save', record }, event] }
}

function refused(state: PayerState, received: MessageOf<'error'>): PayerStep {
  if (received.code === 'second-tab') {
    return then(say({ ...state, phase: 'displaced' }, problems.secondTab()), [
      { type: 'hangUp', reason: 'displaced' },
    ])
  }
  const error = problems.ofPayee(received)
  if (received.code === 'tip-refused') {
    const [refusedTip, ...pendingTips] = state.record.pendingTips
    if (refusedTip === undefined || received.retryable) return still(state)
    const tipped = state.record.tipped - refusedTip.amount
    const record: PayerRecord = { ...state.record, pendingTips, tipped }
    return before([{ type: 'save', record }], say({ ...state, record }, error))
  }
  const fatal = !received.retryable && (state.phase === 'joining' || received.code === 'close-pending')
  if (!fatal) return say(state, error)
  return then(say({ ...state, phase: 'failed' }, error), [{ type: 'hangUp', reason: received.code }])
}

function media(terms: Terms, state: PayerState, input: InputOf<'media'>): PayerStep {
  if (isPlaying(state) === input.playing) return still(state)
  const next = input.playing ? { ...state, playingSinceMs: input.nowMs } : rest(state, input.nowMs)
  if (state.phase !== 'joined') return still(next)
  return before([mediaOf(input.playing, input.reason)], pay(terms, next, 'asked'))
}

/** The player stops running; the time it ran is kept. */
function rest(state: PayerState, nowMs: number): PayerState {
  return { ...state, playedMs: playedBy(state, nowMs), playingSinceMs: undefined }
}

function playedBy(state: PayerState, nowMs: number): number {
  const since = state.playingSinceMs
  return state.playedMs + (since === undefined ? 0 : Math.max(0, nowMs - since))
}

/** Counts what was delivered, bounded by the time the player ran when the price is by the second. */
function delivered(terms: Terms, state: PayerState, claimed: bigint, nowMs: number): PayerStep {
  const timed = terms.price.unit === 'second'
  const room = timed
    ? BigInt(Math.floor(playedBy(state, nowMs)) + meterSlackMs) - state.countedUnits
    : claimed
  const units = least(claimed, room)
  if (units <= 0n) return still(state)
  const record: PayerRecord = { ...state.record, units: state.record.units + units }
  const next: PayerState = { ...state, record, countedUnits: state.countedUnits + units }
  return budgetWarning(terms, next, state)
}

/** Says once that a fifth of the budget is left. */
function budgetWarning(terms: Terms, state: PayerState, old: PayerState): PayerStep {
  const cap = capOf(state.record)
  const left = cap - consumedOf(terms, state.record)
  const crossed = left * 5n <= cap && (cap - consumedOf(terms, old.record)) * 5n > cap
  return crossed ? say(state, problems.budgetLow(secondsFor(terms, greatest(left, 0n)))) : still(state)
}

function tip(terms: Terms, state: PayerState, input: InputOf<'tip'>): PayerStep {
  const { record } = state
  if (record.pendingTips.some((pending) => pending.id === input.id)) return still(state)
  const next: PayerRecord = {
    ...record,
    tipped: record.tipped + input.amount,
    pendingTips: [...record.pendingTips, { id: input.id, amount: input.amount, message: input.message }],
  }
  const paid = pay(terms, { ...state, record: next }, 'asked')
  // When a voucher already covers the tip there is nothing to sign, and the tip goes out at once.
  const covered = paid.state.signing === undefined && state.phase === 'joined'
  return before([{ type: 'save', record: next }], covered ? then(paid, tipsOf(next)) : paid)
}

function funded(terms: Terms, state: PayerState, input: InputOf<'funded'>): PayerStep {
  const record: PayerRecord = { ...state.record, deposited: input.deposited, budget: input.budget }
  const effects: PayerEffect[] = [{ type: 'save', record }]
  if (state.phase === 'joined' && input.deposited > state.record.deposited) {
    effects.push({ type: 'send', message: { type: 'topup' } })
  }
  const said = without(without(state.said, 'budget-low'), 'budget-spent')
  return before(effects, pay(terms, { ...state, record, said }, 'asked'))
}

function stop(state: PayerState, input: InputOf<'stop'>): PayerStep {
  if (state.stopWanted || isOver(state)) return still(state)
  const next: PayerState = { ...rest(state, input.nowMs), stopWanted: true, lastSentMs: input.nowMs }
  if (state.phase !== 'joined') return still(next)
  return { state: { ...next, phase: 'stopping' }, effects: [{ type: 'send', message: { type: 'close' } }] }
}

function tick(terms: Terms, state: PayerState, nowMs: number): PayerStep {
  if (isOver(state) || state.phase === 'offline') return still(state)
  const effects: PayerEffect[] = []
  let next = state
  if (nowMs - state.lastHeardMs >= timing.silenceMs) {
    return then(say(state, problems.payeeOffline(nowMs - state.lastHeardMs)), [
      { type: 'hangUp', reason: 'payee silent' },
    ])
  }
  if (nowMs - state.lastPingMs >= timing.pingMs) {
    next = { ...next, lastPingMs: nowMs }
    effects.push({ type: 'send', message: { type: 'ping', id: Math.floor(nowMs / 1000), reply: false } })
  }
  if (nowMs - next.lastSentMs >= timing.resendMs) {
    const again = unanswered(next)
    if (again.length > 0) {
      next = { ...next, lastSentMs: nowMs }
      effects.push(...again)
    }
  }
  return before([...effects, meterOf(terms, next)], pay(terms, next, 'tick'))
}

/** What was sent and not answered. Receiving it twice changes nothing at the payee. */
function unanswered(state: PayerState): PayerEffect[] {
  const { record, acknowledged, proof } = state
  if (state.phase === 'joining' && proof !== undefined) {
    return [{ type: 'send', message: { type: 'open', channel: record.channel, signature: proof } }]
  }
  if (state.phase === 'stopping') return [{ type: 'send', message: { type: 'close' } }]
  if (state.phase !== 'joined') return []
  const effects: PayerEffect[] = record.signed > acknowledged ? [voucherOf(record)] : []
  return [...effects, ...tipsOf(record)]
}

/** Signs what is due, if anything is. */
function pay(terms: Terms, state: PayerState, why: 'tick' | 'asked'): PayerStep {
  const { record } = state
  const wanted = isPlaying(state) || record.pendingTips.length > 0
  if (state.phase !== 'joined' || state.signing !== undefined || !wanted) return still(state)
  const cap = capOf(record)
  const target = least(consumedOf(terms, record) + terms.windowAmount, cap)
  const rise = target - record.signed
  if (rise <= 0n || (why === 'tick' && rise < terms.minDelta && target < cap)) return still(state)
  return { state: { ...state, signing: target }, effects: [{ type: 'sign', cumulative: target }] }
}

function signed(terms: Terms, state: PayerState, input: InputOf<'signed'>): PayerStep {
  const free: PayerState = { ...state, signing: undefined }
  // Another source raised `signed` meanwhile: this signature is lower and must never leave.
  if (input.cumulative <= state.record.signed) return still(free)
  const record: PayerRecord = { ...state.record, signed: input.cumulative, signature: input.signature }
  const next: PayerState = { ...free, record, lastSentMs: input.nowMs }
  const effects: PayerEffect[] = [{ type: 'save', record }]
  if (state.phase === 'joined') effects.push(voucherOf(record), ...tipsOf(record))
  return { state: next, effects: [...effects, meterOf(terms, next)] }
}

function mediaOf(playing: boolean, reason: MediaReason): PayerEffect {
  return { type: 'send', message: { type: 'media', state: playing ? 'playing' : 'paused', reason } }
}

function voucherOf(record: PayerRecord): PayerEffect {
  const { channelId, signed: cumulative, signature } = record
  return { type: 'send', message: { type: 'voucher', channelId, cumulative, signature } }
}

function tipsOf(record: PayerRecord): PayerEffect[] {
  return record.pendingTips.map((pending) => ({ type: 'send', message: { type: 'tip', ...pending } }))
}

function meterOf(terms: Terms, state: PayerState): PayerEffect {
  const { record } = state
  const spent = consumedOf(terms, record)
  const left = greatest(capOf(record) - spent, 0n)
  return {
    type: 'emit',
    event: {
      type: 'meter',
      meter: {
        spent,
        left,
        secondsLeft: secondsFor(terms, left),
        prepaid: greatest(record.signed - spent, 0n),
        signed: record.signed,
        acknowledged: state.acknowledged,
        units: record.units,
      },
    },
  }
}

function secondsFor(terms: Terms, amount: bigint): number | undefined {
  const units = terms.price.unit === 'second' ? unitsFor(terms.price, amount) : undefined
  return units === undefined ? undefined : Number(units / 1000n)
}

/** Says a problem, once until it has passed. */
function say(state: PayerState, error: SluiceError): PayerStep {
  if (state.said.has(error.code)) return still(state)
  return {
    state: { ...state, said: new Set(state.said).add(error.code) },
    effects: [{ type: 'emit', event: { type: 'problem', error } }],
  }
}

function isOver(state: PayerState): boolean {
  return state.phase === 'stopped' || state.phase === 'failed' || state.phase === 'displaced'
}

function still(state: PayerState): PayerStep {
  return { state, effects: [] }
}

function before(effects: readonly PayerEffect[], step: PayerStep): PayerStep {
  return { state: step.state, effects: [...effects, ...step.effects] }
}

function then(step: PayerStep, effects: readonly PayerEffect[]): PayerStep {
  return { state: step.state, effects: [...step.effects, ...effects] }
}

function without(set: ReadonlySet<string>, entry: string): ReadonlySet<string> {
  const rest = new Set(set)
  rest.delete(entry)
  return rest
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
