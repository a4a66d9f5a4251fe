import { greatest, least } from '../amounts.js'
import type { PayerRecord } from '../ports.js'
import { unitsFor } from '../price.js'
import type { Terms } from '../terms.js'
import { say, still } from './flow.js'
import { problems } from './problems.js'
import { capOf, consumedOf } from './state.js'
import type { PayerEffect, PayerState, PayerStep } from './state.js'

/** Time a payee may count beyond what has passed here, milliseconds: pieces sent in a burst, clocks that differ. */
const meterSlackMs = 2_000

/** Counts what was delivered, bounded by the time the player ran when the price is by the second. */
export function delivered(terms: Terms, state: PayerState, claimed: bigint, nowMs: number): PayerStep {
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

/** Takes note of what the payee says it delivered in all. Only a price by the second lets time check that. */
export function claim(terms: Terms, state: PayerState, units: bigint, nowMs: number): PayerStep {
  if (terms.price.unit !== 'second') return still(state)
  return catchUp(terms, { ...state, claimedUnits: greatest(state.claimedUnits, units) }, nowMs)
}

/** Counts what the payee claims, as far as it may have been delivered by now. */
export function catchUp(terms: Terms, state: PayerState, nowMs: number): PayerStep {
  return delivered(terms, state, state.claimedUnits - state.record.units, nowMs)
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

/** What a page shows, as an effect. */
export function meterOf(terms: Terms, state: PayerState): PayerEffect {
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

/** Whole seconds that `amount` pays for; undefined when the price is not by the second. */
function secondsFor(terms: Terms, amount: bigint): number | undefined {
  const units = terms.price.unit === 'second' ? unitsFor(terms.price, amount) : undefined
  return units === undefined ? undefined : Number(units / 1000n)
}
