import { expect } from 'chai'
import {
  initialPayerState,
  stepPayer,
  termsOf,
  type Message,
  type Offer,
  type PayerEffect,
  type PayerInput,
  type PayerPhase,
  type PayerRecord,
  type PayerState,
} from '@sluice/sdk/session'
import { channelId, offer, payerRecord } from '../parties.js'

export const terms = termsOf(offer)
export const now = 1_700_000_100_000
export const greeting: Offer = { type: 'offer', ...offer, challenge: `0x${'12'.repeat(32)}` }
export const signature = '0xab'

export const step = (state: PayerState, input: PayerInput) => stepPayer(terms, state, input)
export const run = (state: PayerState, ...inputs: readonly PayerInput[]): PayerState =>
  inputs.reduce((before, input) => step(before, input).state, state)
export const say = (message: Message, nowMs = now, bytes = 100): PayerInput => ({
  type: 'message',
  message,
  bytes,
  nowMs,
})
export const play = (playing: boolean, nowMs = now): PayerInput => ({
  type: 'media',
  playing,
  reason: 'viewer',
  nowMs,
})
export const tick = (nowMs: number): PayerInput => ({ type: 'tick', nowMs })
export const connected = (nowMs = now): PayerInput => ({ type: 'connected', nowMs })
export const disconnected = (nowMs = now): PayerInput => ({ type: 'disconnected', reason: 'cut', nowMs })
export const proved: PayerInput = { type: 'proved', signature: '0x0f', nowMs: now }
export const signed = (cumulative: bigint, nowMs = now): PayerInput => ({
  type: 'signed',
  cumulative,
  signature,
  nowMs,
})
export const stop: PayerInput = { type: 'stop', nowMs: now }
export const tip = (id: string, amount: bigint): PayerInput => ({
  type: 'tip',
  id,
  amount,
  message: 'gg',
  nowMs: now,
})
export const delivered = (units: bigint, nowMs = now): PayerInput => ({ type: 'delivered', units, nowMs })
export const data = (sequence: number, units: bigint, nowMs = now): PayerInput =>
  say({ type: 'data', sequence, units, payload: 1 }, nowMs)
export const ack = (accepted: bigint, units = 0n, tipId?: string): PayerInput =>
  say({ type: 'ack', accepted, spent: units * 2n, units, ...(tipId === undefined ? {} : { tipId }) })
export const snapshot = (
  change: Partial<Extract<Message, { type: 'snapshot' }>> = {},
  nowMs = now,
): PayerInput =>
  say(
    {
      type: 'snapshot',
      channelId,
      highest: { cumulative: 0n, signature: '0x' },
      spent: 0n,
      units: 0n,
      deposited: 1_000_000n,
      ...change,
    },
    nowMs,
  )
export const refusal = (code: string, retryable = false): PayerInput =>
  say({ type: 'error', code, message: 'no', retryable })
export const consent: PayerInput = say({ type: 'closed', capturedAmount: 5n, payeeSignature: '0x0c' })

export const phases: readonly PayerPhase[] = [
  'offline',
  'greeting',
  'joining',
  'joined',
  'stopping',
  'stopped',
  'displaced',
  'failed',
]

export function stateIn(phase: PayerPhase, change: Partial<PayerRecord> = {}): PayerState {
  const offline = initialPayerState(payerRecord(change), now)
  const greeted = run(offline, connected())
  const joining = run(greeted, say(greeting), proved)
  const joined = run(joining, snapshot())
  const state = {
    offline: () => offline,
    greeting: () => greeted,
    joining: () => joining,
    joined: () => joined,
    stopping: () => run(joined, stop),
    stopped: () => run(joined, stop, consent),
    displaced: () => run(joined, refusal('second-tab')),
    failed: () => run(greeted, say({ ...greeting, price: 1n })),
  }[phase]()
  expect(state.phase).to.equal(phase)
  return state
}

export function brief(effects: readonly PayerEffect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'sign') return [`sign ${effect.cumulative}`]
    if (effect.type === 'reconnect') return [`reconnect ${effect.afterMs}`]
    if (effect.type === 'hangUp') return [`hang up: ${effect.reason}`]
    if (effect.type === 'emit') {
      const { event } = effect
      if (event.type === 'meter') return []
      return [event.type === 'problem' ? `problem ${event.error.code}` : `emit ${event.type}`]
    }
    if (effect.type !== 'send') return [effect.type]
    const { message } = effect
    if (message.type === 'voucher') return [`send voucher ${message.cumulative}`]
    if (message.type === 'media') return [`send ${message.state}`]
    return [`send ${message.type}`]
  })
}

/** Joined, playing, and the first voucher over the window signed and acknowledged. */
export const paying = (change: Partial<PayerRecord> = {}): PayerState =>
  run(stateIn('joined', change), play(true), signed(20_000n), ack(20_000n))
