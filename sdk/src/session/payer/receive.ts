import { greatest, least } from '../amounts.js'
import type { Message, Offer, Snapshot } from '../messages.js'
import type { PayerRecord } from '../ports.js'
import { costOf, unitsFor } from '../price.js'
import type { Terms } from '../terms.js'
import { audit } from './audit.js'
import { before, emit, save, say, send, still, then, without } from './flow.js'
import { catchUp, hear, meterOf, rest } from './meter.js'
import { farewell, pay, takeTipsBack } from './pay.js'
import { problems } from './problems.js'
import { mediaAgain, unanswered, voucherOf } from './sends.js'
import { capOf, isPlaying, isServed } from './state.js'
import type { PayerEffect, PayerInputOf, PayerState, PayerStep } from './state.js'

type MessageOf<Type extends Message['type']> = Extract<Message, { type: Type }>

/** What a message makes of a session. Signatures it lives by were verified before. */
export function receive(terms: Terms, state: PayerState, input: PayerInputOf<'message'>): PayerStep {
  const { message: received, nowMs } = input
  switch (received.type) {
    case 'offer':
      return offer(state, received)
    case 'snapshot':
      return snapshot(terms, state, received, nowMs)
    case 'ack':
      return ack(terms, state, received, nowMs)
    case 'need':
      return pay(terms, state, 'asked')
    case 'media':
      return gate(state, received)
    case 'data':
      return data(terms, state, received, input)
    case 'receipt':
      return receipt(terms, state, received, nowMs)
    case 'closed':
      return closed(terms, state, received, nowMs)
    case 'ping':
      if (received.reply) return still(state)
      return { state, effects: [send({ type: 'ping', id: received.id, reply: true })] }
    case 'error':
      return refused(state, received, nowMs)
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

function snapshot(terms: Terms, state: PayerState, received: Snapshot, nowMs: number): PayerStep {
  if (received.channelId !== state.record.channelId) return say(state, problems.foreign(received.channelId))
  const joining = state.phase === 'joining'
  if (!joining && !isServed(state)) return still(state)
  const phase = state.stopWanted ? 'stopping' : 'joined'
  const reconciled: PayerState = { ...state, phase, record: reconcile(terms, state.record, received) }
  const heard = hear(terms, reconciled, received, joining, nowMs)
  const { record } = heard.state
  const { overcharge } = record
  // Known from before a restart, and said again: the viewer would only see that nothing moves.
  const counted =
    overcharge === undefined
      ? heard
      : before(heard.effects, say(heard.state, problems.overcharged(overcharge)))
  const next: PayerState = {
    ...counted.state,
    acknowledged: greatest(state.acknowledged, received.highest.cumulative),
    // Who joins and is cut off at once is not back yet: the shortest wait is for one cut, not for a loop of them.
    attempts: Math.min(state.attempts, 1),
    said: without(counted.state.said, 'payee-offline'),
    lastSentMs: nowMs,
  }
  const effects: PayerEffect[] = [save(record), ...counted.effects]
  if (joining) {
    effects.push(emit({ type: 'joined', resumed: received.highest.cumulative > 0n }))
  }
  // The payee takes a viewer who joins for one who watches.
  if (!isPlaying(state)) effects.push(mediaAgain(state))
  if (record.signed > received.highest.cumulative) effects.push(voucherOf(record))
  const ends = state.stopWanted && joining
  return before(effects, ends ? farewell(terms, next, nowMs) : pay(terms, next, 'asked'))
}

/**
 * Takes up what the payee holds. A higher voucher than ours bears our own signature, which the runtime has checked:
 * an older copy of our store is in use, and we never sign below it (I18). It was signed for what had been delivered
 * then, so no more units are believed than it and the credit pay for. Otherwise our own count stands.
 */
function reconcile(terms: Terms, record: PayerRecord, received: Snapshot): PayerRecord {
  const { highest } = received
  if (highest.cumulative <= record.signed) return record
  const paid = unitsFor(terms.price, highest.cumulative + terms.creditAmount) ?? received.units
  const units = greatest(record.units, least(received.units, paid))
  // Tips may still be on their way that only the lost copy knew: our signature proves all but a window of it was owed.
  const owed = greatest(least(received.spent, highest.cumulative), highest.cumulative - terms.windowAmount)
  const tipped = greatest(record.tipped, owed - costOf(terms.price, units))
  return { ...record, signed: highest.cumulative, signature: highest.signature, units, tipped }
}

/**
 * A piece that comes twice counts once; one that comes late was claimed by the acknowledgements in between. It is as
 * many bytes as its frame has, and one request.
 */
function data(
  terms: Terms,
  state: PayerState,
  { sequence, units, payload }: MessageOf<'data'>,
  { bytes, nowMs }: PayerInputOf<'message'>,
): PayerStep {
  const piece = emit({ type: 'data', sequence, units, payload })
  if (sequence <= state.lastSequence) return { state, effects: [piece] }
  const claimedUnits = greatest(state.claimedUnits, state.record.units) + units
  const receivedUnits = state.receivedUnits + (terms.price.unit === 'byte' ? BigInt(bytes) : 1n)
  // Where a message may be lost, it may have been the one that the gate is open.
  const gate: PayerState['gate'] = { open: true, reason: 'paid' }
  const received: PayerState = { ...state, lastSequence: sequence, claimedUnits, receivedUnits, gate }
  const counted = catchUp(terms, received, nowMs)
  if (terms.price.unit === 'second') return then(counted, [piece])
  const said = { units: claimedUnits, spent: state.reported }
  return then(before(counted.effects, audit(terms, counted.state, said, nowMs)), [piece])
}

function ack(terms: Terms, state: PayerState, received: MessageOf<'ack'>, nowMs: number): PayerStep {
  const acknowledged = greatest(state.acknowledged, received.accepted)
  const heard: PayerState = { ...state, acknowledged, attempts: 0 }
  // Everything is spent: however little is due, a closed gate waits for it.
  const spentUp = received.spent >= received.accepted
  const counted = hear(terms, heard, received, spentUp, nowMs)
  const paid = spentUp ? before(counted.effects, pay(terms, counted.state, 'asked')) : counted
  const { tipId } = received
  const { pendingTips } = paid.state.record
  const left = pendingTips.filter((pending) => pending.id !== tipId)
  if (tipId === undefined || left.length === pendingTips.length) return paid
  const record: PayerRecord = { ...paid.state.record, pendingTips: left }
  const next: PayerState = { ...paid.state, record }
  return then({ ...paid, state: next }, [
    save(record),
    emit({ type: 'tipped', id: tipId }),
    ...lastWord(next, nowMs),
  ])
}

/** What a session that ends has waited for the last tip to say. */
function lastWord(state: PayerState, nowMs: number): PayerEffect[] {
  const waited = state.phase === 'stopping' && state.record.pendingTips.length === 0
  return waited ? unanswered(state, nowMs) : []
}

function gate(state: PayerState, received: MessageOf<'media'>): PayerStep {
  const open = received.state === 'playing'
  const event = emit({ type: 'media', open, reason: received.reason })
  const next: PayerState = { ...state, gate: { open, reason: received.reason } }
  const spentUp = !open && received.reason === 'unpaid' && next.record.signed >= capOf(next.record)
  if (!spentUp || next.record.signed === 0n) return { state: next, effects: [event] }
  return before([event], say(next, problems.budgetSpent()))
}

function receipt(terms: Terms, state: PayerState, received: MessageOf<'receipt'>, nowMs: number): PayerStep {
  const { channelId, accepted, spent, units, at, signature } = received
  const kept = { channelId, accepted, spent, units, at, signature }
  const counted = hear(terms, { ...state, record: { ...state.record, receipt: kept } }, kept, false, nowMs)
  const { record } = counted.state
  return then(counted, [save(record), emit({ type: 'receipt', receipt: kept })])
}

function closed(terms: Terms, state: PayerState, received: MessageOf<'closed'>, nowMs: number): PayerStep {
  const { capturedAmount, payeeSignature, transaction } = received
  const event = emit({ type: 'closed', capturedAmount, payeeSignature, transaction })
  if (state.record.closed) return { state: { ...state, phase: 'stopped' }, effects: [event] }
  const audited = audit(terms, rest(state, nowMs), { units: 0n, spent: capturedAmount }, nowMs)
  const last = before(audited.effects, takeTipsBack(audited.state))
  const record: PayerRecord = { ...last.state.record, closed: true }
  const next: PayerState = { ...last.state, record, phase: 'stopped' }
  return then({ ...last, state: next }, [save(record), meterOf(terms, next, capturedAmount), event])
}

function refused(state: PayerState, received: MessageOf<'error'>, nowMs: number): PayerStep {
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
    const said = say({ ...state, record }, error)
    const event = emit({ type: 'untipped', id: refusedTip.id, error })
    return before([save(record)], then(said, [event, ...lastWord(said.state, nowMs)]))
  }
  const fatal = !received.retryable && (state.phase === 'joining' || received.code === 'close-pending')
  if (!fatal) return say(state, error)
  const failed = say({ ...state, phase: 'failed' }, error)
  const ended = takeTipsBack(failed.state)
  const { record } = ended.state
  const saves: PayerEffect[] = record === state.record ? [] : [save(record)]
  return then(before([...failed.effects, ...saves], ended), [{ type: 'hangUp', reason: received.code }])
}
