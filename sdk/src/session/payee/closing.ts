import { least } from '../amounts.js'
import type { PayeeRecord } from '../ports.js'
import { gate } from './answers.js'
import type { PayeeInput, PayeeState, PayeeStep } from './state.js'

type InputOf<Type extends PayeeInput['type']> = Extract<PayeeInput, { type: Type }>

/** The end was asked for: nothing more is sold, and a consent over what was spent is signed. */
export function close(state: PayeeState): PayeeStep {
  const { record } = state
  if (record.closed) return { state, effects: [] }
  if (record.consent !== undefined) {
    return { state, effects: [{ type: 'send', message: { type: 'closed', ...record.consent } }] }
  }
  return {
    state: { ...state, phase: 'ending', graceEndsMs: undefined, holdEndsMs: undefined },
    effects: [...gate(false, 'closing'), { type: 'consent', capturedAmount: dueOf(record) }],
  }
}

/** What the payee may keep: what was spent, at most what vouchers cover, at least what it has claimed. */
function dueOf(record: PayeeRecord): bigint {
  const earned = least(record.spent, record.accepted)
  return earned > record.claimed ? earned : record.claimed
}

/** The consent was signed: it is stored, then said, then brought to the chain. */
export function consented(state: PayeeState, input: InputOf<'consented'>): PayeeStep {
  if (state.record.consent !== undefined || state.record.closed) return { state, effects: [] }
  const due = dueOf(state.record)
  // More was sold while the consent was being signed: that one is thrown away unsaid.
  if (due > input.capturedAmount) return { state, effects: [{ type: 'consent', capturedAmount: due }] }
  const consent = { capturedAmount: input.capturedAmount, payeeSignature: input.payeeSignature }
  const record: PayeeRecord = { ...state.record, consent }
  return {
    state: { ...state, record, phase: 'ending', graceEndsMs: undefined, holdEndsMs: undefined },
    effects: [
      { type: 'save', record },
      { type: 'receipt', accepted: record.accepted, spent: record.spent, units: record.units },
      { type: 'send', message: { type: 'closed', ...consent } },
      { type: 'closeOnChain' },
    ],
  }
}

/** The close was handed to the chain. */
export function submitted(state: PayeeState, input: InputOf<'submitted'>): PayeeStep {
  const { consent } = state.record
  if (consent === undefined) return { state, effects: [] }
  return {
    state,
    effects: [{ type: 'send', message: { type: 'closed', ...consent, transaction: input.transaction } }],
  }
}
