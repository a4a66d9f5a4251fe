import type { SluiceError } from '../../errors.js'
import type { PayerMessage, Ping } from '../messages.js'
import type { PayerRecord } from '../ports.js'
import type { PayerEffect, PayerEvent, PayerState, PayerStep } from './state.js'

/** Store the record; what follows waits until it is durable. */
export function save(record: PayerRecord): PayerEffect {
  return { type: 'save', record }
}

/** Say something to the payee. */
export function send(message: PayerMessage | Ping): PayerEffect {
  return { type: 'send', message }
}

/** Tell the page. */
export function emit(event: PayerEvent): PayerEffect {
  return { type: 'emit', event }
}

/** Nothing is to be done. */
export function still(state: PayerState): PayerStep {
  return { state, effects: [] }
}

/** The step, with effects ahead of its own. */
export function before(effects: readonly PayerEffect[], step: PayerStep): PayerStep {
  return { state: step.state, effects: [...effects, ...step.effects] }
}

/** The step, with effects after its own. */
export function then(step: PayerStep, effects: readonly PayerEffect[]): PayerStep {
  return { state: step.state, effects: [...step.effects, ...effects] }
}

/** Says a problem, once until it has passed. */
export function say(state: PayerState, error: SluiceError): PayerStep {
  if (state.said.has(error.code)) return still(state)
  return {
    state: { ...state, said: new Set(state.said).add(error.code) },
    effects: [emit({ type: 'problem', error })],
  }
}

/** Forgets that a problem was said, because it has passed. */
export function without(said: ReadonlySet<string>, code: string): ReadonlySet<string> {
  const rest = new Set(said)
  rest.delete(code)
  return rest
}

/** Whether the session has ended for good on this device. */
export function isOver(state: PayerState): boolean {
  return state.phase === 'stopped' || state.phase === 'failed' || state.phase === 'displaced'
}
