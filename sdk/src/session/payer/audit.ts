import { greatest } from '../amounts.js'
import { costOf } from '../price.js'
import type { Count, Overcharge } from '../ports.js'
import { timing, type Terms } from '../terms.js'
import { before, save, say, still } from './flow.js'
import { problems } from './problems.js'
import { consumedOf, isPlaying, isServed } from './state.js'
import type { PayerState, PayerStep } from './state.js'

/** Time a payee may count beyond what has passed here, milliseconds: pieces sent in a burst, clocks that differ. */
export const meterSlackMs = 2_000

/** Part of what was received that may have been lost on the way besides, one in … */
const lossShare = 20n

/**
 * Keeps the clock of what the payee may have delivered: it runs while the player does and the gate is open. A player
 * that stops goes on in it for as long as a message that says so may take to be said again.
 *
 * @param state before
 * @param next after
 * @param nowMs milliseconds
 */
export function flow(state: PayerState, next: PayerState, nowMs: number): PayerState {
  const flows = isPlaying(next) && next.gate.open
  if (flows === (state.flowingSinceMs !== undefined)) return next
  if (flows) return { ...next, flowingSinceMs: nowMs }
  const unheardMs = next.gate.open ? timing.pingMs : 0
  return { ...next, flowedMs: flowedBy(state, nowMs) + unheardMs, flowingSinceMs: undefined }
}

/** Metering units that this side saw delivered in this process: time by its own clock, else what it received. */
function seenBy(terms: Terms, state: PayerState, nowMs: number): bigint {
  return terms.price.unit === 'second' ? BigInt(Math.floor(flowedBy(state, nowMs))) : state.receivedUnits
}

function flowedBy({ flowedMs, flowingSinceMs }: PayerState, nowMs: number): number {
  return flowedMs + (flowingSinceMs === undefined ? 0 : Math.max(0, nowMs - flowingSinceMs))
}

/**
 * The most an honest payee can count by now, metering units. A connection that dies may swallow window and credit,
 * which is all that is ever delivered ahead; one that stumbles, a little of everything.
 */
export function mostUnits(terms: Terms, state: PayerState, nowMs: number): bigint {
  const seen = seenBy(terms, state, nowMs)
  const slack = terms.price.unit === 'second' ? BigInt(meterSlackMs) : 0n
  return state.record.units - state.countedUnits + seen + terms.aheadUnits + seen / lossShare + slack
}

/**
 * Holds what the payee says against what this side saw. What cannot be true is kept, said, and paid for no more. Amounts
 * are compared, not units: what was signed for tips that never came is spent on the feed once no more can be signed.
 */
export function audit(terms: Terms, state: PayerState, said: Count, nowMs: number): PayerStep {
  const { record } = state
  // Before a snapshot this side may hold an old copy of its record, which says nothing about the payee.
  if (!isServed(state) || record.overcharge !== undefined) return still(state)
  const claimed: Count = { units: said.units, spent: said.spent }
  const charged = greatest(said.spent, costOf(terms.price, said.units) + state.reportedTips)
  const upTo = (units: bigint): bigint => consumedOf(terms, { ...record, units })
  if (charged <= upTo(mostUnits(terms, state, nowMs))) return still(state)
  const units = record.units - state.countedUnits + seenBy(terms, state, nowMs)
  const counted: Count = { units, spent: upTo(units) }
  const overcharge: Overcharge = { claimed, counted, atMs: nowMs }
  const next: PayerState = { ...state, record: { ...record, overcharge } }
  return before([save(next.record)], say(next, problems.overcharged(overcharge)))
}
