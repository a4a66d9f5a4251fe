import type { MediaReason } from '../messages.js'
import type { PayerRecord } from '../ports.js'
import { isPlaying } from './state.js'
import type { PayerEffect, PayerState } from './state.js'

/** The highest voucher. */
export function voucherOf(record: PayerRecord): PayerEffect {
  const { channelId, signed: cumulative, signature } = record
  return { type: 'send', message: { type: 'voucher', channelId, cumulative, signature } }
}

/** Every tip whose acknowledgement is missing. */
export function tipsOf(record: PayerRecord): PayerEffect[] {
  return record.pendingTips.map((pending) => ({ type: 'send', message: { type: 'tip', ...pending } }))
}

/** What the payee is told of the player. */
export function mediaOf(state: PayerState, reason: MediaReason): PayerEffect {
  const plays = isPlaying(state) && state.stalledAt === undefined
  return { type: 'send', message: { type: 'media', state: plays ? 'playing' : 'paused', reason } }
}

/** The same again, since nothing acknowledges it. */
export function mediaAgain(state: PayerState): PayerEffect {
  return mediaOf(state, state.stalledAt === undefined ? 'viewer' : 'buffering')
}

/** What was sent and not answered. Receiving it twice changes nothing at the payee. */
export function unanswered(state: PayerState): PayerEffect[] {
  const { record, acknowledged, proof } = state
  if (state.phase === 'joining' && proof !== undefined) {
    return [{ type: 'send', message: { type: 'open', channel: record.channel, signature: proof } }]
  }
  if (state.phase === 'stopping') return [{ type: 'send', message: { type: 'close' } }]
  if (state.phase !== 'joined') return []
  const effects: PayerEffect[] = record.signed > acknowledged ? [voucherOf(record)] : []
  return [...effects, ...tipsOf(record)]
}
