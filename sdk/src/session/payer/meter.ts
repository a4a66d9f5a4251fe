import { greatest, least } from '../amounts.js'
import type { Count, PayerRecord } from '../ports.js'
import { costOf, unitsFor } from '../price.js'
import type { Terms } from '../terms.js'
import { audit, meterSlackMs, mostUnits } from './audit.js'
import { before, emit, say, still } from './flow.js'
import { problems } from './problems.js'
import { capOf, consumedOf, isServed } from './state.js'
import type { PayerEffect, PayerState, PayerStep } from './state.js'

/** This side saw `units` delivered without a message. */
export function delivered(terms: Terms, state: PayerState, units: bigint, nowMs: number): PayerStep {
  if (terms.price.unit === 'second') return count(terms, state, units, nowMs)
  return count(terms, { ...state, receivedUnits: state.receivedUnits + units }, units, nowMs)
}

/** Counts what was delivered as far as it can be true: for a price by the second, by the time the player ran. */
function count(terms: Terms, state: PayerState, claimed: bigint, nowMs: number): PayerStep {
  const room =
    terms.price.unit === 'second'
      ? BigInt(Math.floor(playedBy(state, nowMs)) + meterSlackMs) - state.countedUnits
      : mostUnits(terms, state, nowMs) - state.record.units
  const units = least(claimed, room)
  if (units <= 0n) return still(state)
  const record: PayerRecord = { ...state.record, units: state.record.units + units }
  const next: PayerState = { ...state, record, countedUnits: state.countedUnits + units }
  return budgetWarning(terms, next, state)
}

/**
 * Takes note of what the payee says it delivered and charged in all. Time that only it has seen is counted as it
 * passes; bytes and requests when some may be `lost`, since they are seen here when they come.
 */
export function hear(terms: Terms, state: PayerState, said: Count, lost: boolean, nowMs: number): PayerStep {
  const believed = lost || terms.price.unit === 'second'
  const heard: PayerState = {
    ...state,
    reported: greatest(state.reported, said.spent),
    reportedTips: greatest(state.reportedTips, said.spent - costOf(terms.price, said.units)),
    claimedUnits: believed ? greatest(state.claimedUnits, said.units) : state.claimedUnits,
  }
  const counted = catchUp(terms, heard, nowMs)
  return before(counted.effects, audit(terms, counted.state, said, nowMs))
}

/**
 * Counts what the payee claims, as far as it may have been delivered by now. Not before a snapshot: of what an old copy
 * of this side's record lacks, only a voucher can show that it was delivered, and not in this process.
 */
export function catchUp(terms: Terms, state: PayerState, nowMs: number): PayerStep {
  if (!isServed(state)) return still(state)
  return count(terms, state, state.claimedUnits - state.record.units, nowMs)
}

/** Says once that a fifth of the budget is left. */
function budgetWarning(terms: Terms, state: PayerState, old: PayerState): PayerStep {
  const cap = capOf(state.record)
  const left = cap - consumedOf(terms, state.record)
  const crossed = left * 5n <= cap && (cap - consumedOf(terms, old.record)) * 5n > cap
  return crossed ? say(state, problems.budgetLow(secondsFor(terms, greatest(left, 0n)))) : still(state)
}

/** The player stops running; the time it ran is kept. */
export function rest(state: PayerState, nowMs: number): PayerState {
  return { ...state, playedMs: playedBy(state, nowMs), playingSinceMs: undefined }
}

/** Time the player has run in this process, milliseconds. */
export function playedBy(state: PayerState, nowMs: number): number {
  const since = state.playingSinceMs
  return state.playedMs + (since === undefined ? 0 : Math.max(0, nowMs - since))
}

/** What a page shows, as an effect; at the end what the payee has captured is what was spent. */
export function meterOf(terms: Terms, state: PayerState, captured?: bigint): PayerEffect {
  const { record } = state
  const spent = captured ?? consumedOf(terms, record)
  const left = greatest(capOf(record) - spent, 0n)
  return emit({
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
  })
}

/** Whole seconds that `amount` pays for; undefined when the price is not by the second. */
function secondsFor(terms: Terms, amount: bigint): number | undefined {
  const units = terms.price.unit === 'second' ? unitsFor(terms.price, amount) : undefined
  return units === undefined ? undefined : Number(units / 1000n)
}
