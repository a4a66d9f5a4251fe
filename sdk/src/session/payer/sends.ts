import type { MediaReason } from '../messages.js'
import type { PayerRecord } from '../ports.js'
import { timing } from '../terms.js'
import { send } from './flow.js'
import { isPlaying, isServed } from './state.js'
import type { PayerEffect, PayerState } from './state.js'

/** The highest voucher. */
export function voucherOf(record: PayerRecord): PayerEffect {
  const { channelId, signed: cumulative, signature } = record
  return send({ type: 'voucher', channelId, cumulative, signature })
}

/** Every tip whose acknowledgement is missing. */
export function tipsOf(record: PayerRecord): PayerEffect[] {
  return record.pendingTips.map((pending) => send({ type: 'tip', ...pending }))
}

/** What the payee is told of the player. */
export function mediaOf(state: PayerState, reason: MediaReason): PayerEffect {
  const plays = isPlaying(state) && state.stalledAt === undefined
  return send({ type: 'media', state: plays ? 'playing' : 'paused', reason })
}

/** The same again, since nothing acknowledges it. */
export function mediaAgain(state: PayerState): PayerEffect {
  return mediaOf(state, state.stalledAt === undefined ? 'viewer' : 'buffering')
}

/** Whether tips are on their way that the end of the session waits for. */
function awaitsTips({ record, stoppingSinceMs }: PayerState, nowMs: number): boolean {
  if (record.pendingTips.length === 0 || record.overcharge !== undefined) return false
  return stoppingSinceMs === undefined || nowMs - stoppingSinceMs < timing.farewellMs
}

/** What was sent and not answered. Receiving it twice changes nothing at the payee. */
export function unanswered(state: PayerState, nowMs: number): PayerEffect[] {
  const { record, acknowledged, proof } = state
  if (state.phase === 'joining' && proof !== undefined) {
    return [send({ type: 'open', channel: record.channel, signature: proof })]
  }
  if (state.phase === 'stopping' && !awaitsTips(state, nowMs)) {
    return [send({ type: 'close' })]
  }
  if (!isServed(state)) return []
  const effects: PayerEffect[] = record.signed > acknowledged ? [voucherOf(record)] : []
  return [...effects, ...tipsOf(record)]
}
