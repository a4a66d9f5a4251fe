import { expect } from 'chai'
import {
  initialPayeeState,
  stepPayee,
  termsOf,
  type PayeeEffect,
  type PayeeInput,
  type PayeePhase,
  type PayeeRecord,
  type PayeeState,
} from '@sluice/sdk/session'
import { offer, payeeRecord } from '../parties.js'

export const terms = termsOf(offer)
/** A beat of the channel's receipts. */
export const now = 1_700_000_101_952
export const consent = { capturedAmount: 5_000n, payeeSignature: '0x0c' } as const

export const record = (change: Partial<PayeeRecord> = {}): PayeeRecord =>
  payeeRecord({ accepted: 20_000n, spent: 2_000n, units: 1_000n, signature: '0xab', ...change })

/** A state of each phase, reached as the machine reaches it. */
export function stateIn(phase: PayeePhase, change: Partial<PayeeRecord> = {}): PayeeState {
  const idle = (of: PayeeRecord) => initialPayeeState(of, new Map(), now)
  const joined = (of: PayeeRecord) =>
    stepPayee(terms, idle(of), { type: 'attach', session: 1, nowMs: now }).state
  const state = {
    idle: () => idle(record(change)),
    paid: () => joined(record(change)),
    credit: () => {
      const nearly = joined(record({ spent: 19_900n, units: 9_950n, ...change }))
      return stepPayee(terms, nearly, deliver(1_600n)).state
    },
    gated: () => joined(record({ spent: 20_000n, units: 10_000n, ...change })),
    ending: () => joined(record({ consent, ...change })),
    closed: () => joined(record({ closed: true, ...change })),
  }[phase]()
  expect(state.phase).to.equal(phase)
  return state
}

export const phases: readonly PayeePhase[] = ['idle', 'paid', 'credit', 'gated', 'ending', 'closed']
export const deliver = (units: bigint, nowMs = now): PayeeInput => ({
  type: 'deliver',
  request: 7,
  units,
  nowMs,
})
export const voucher = (cumulative: bigint, nowMs = now): PayeeInput => ({
  type: 'voucher',
  cumulative,
  signature: '0xcd',
  nowMs,
})
export const tip = (id: string, amount: bigint): PayeeInput => ({
  type: 'tip',
  id,
  amount,
  message: 'gg',
  nowMs: now,
})
export const charge = (amount: bigint): PayeeInput => ({
  type: 'charge',
  request: 9,
  amount,
  units: 1n,
  nowMs: now,
})
export const tick = (nowMs: number): PayeeInput => ({ type: 'tick', nowMs })
export const chain = (change: Partial<Extract<PayeeInput, { type: 'chain' }>>): PayeeInput => ({
  type: 'chain',
  deposited: 1_000_000n,
  claimed: 0n,
  closeRequestedAt: 0,
  closed: false,
  nowMs: now,
  ...change,
})
export const step = (state: PayeeState, input: PayeeInput) => stepPayee(terms, state, input)

/** Effects in short: their type, and of a message its type and what matters. */
export function brief(effects: readonly PayeeEffect[]): readonly string[] {
  return effects.map((effect) => {
    if (effect.type === 'gate') return `gate ${effect.open ? 'open' : 'closed'} ${effect.reason}`
    if (effect.type === 'release') return `release ${effect.request} ${effect.granted}`
    if (effect.type === 'settle') return `settle ${effect.reason}`
    if (effect.type === 'consent') return `consent ${effect.capturedAmount}`
    if (effect.type !== 'send') return effect.type
    const { message } = effect
    if (message.type === 'error') return `send ${message.code}`
    if (message.type === 'media') return `send ${message.state} ${message.reason}`
    if (message.type === 'ack')
      return `send ack ${message.accepted}${message.tipId === undefined ? '' : ` ${message.tipId}`}`
    return `send ${message.type}`
  })
}
