import type { MediaReason, Snapshot } from '../messages.js'
import type { PayeeRecord } from '../ports.js'
import type { PayeeEffect } from './state.js'

/** An acknowledgement; `tipId` names the tip that was just counted. */
export function ackOf(record: PayeeRecord, tipId?: string): PayeeEffect {
  const { accepted, spent, units } = record
  const message = { type: 'ack', accepted, spent, units } as const
  return { type: 'send', message: tipId === undefined ? message : { ...message, tipId } }
}

/**
 * Where a channel stands, as its payer is told.
 *
 * @param record the durable part
 */
export function snapshotOf(record: PayeeRecord): Snapshot {
  return {
    type: 'snapshot',
    channelId: record.channelId,
    highest: { cumulative: record.accepted, signature: record.signature },
    spent: record.spent,
    units: record.units,
    deposited: record.deposited,
  }
}

/** A refusal, as its payer is told. */
export function refuse(code: string, message: string, retryable: boolean): PayeeEffect {
  return { type: 'send', message: { type: 'error', code, message, retryable } }
}

/** The gate opens or closes, and the payer is told. */
export function gate(open: boolean, reason: MediaReason): PayeeEffect[] {
  return [
    { type: 'gate', open, reason },
    { type: 'send', message: { type: 'media', state: open ? 'playing' : 'paused', reason } },
  ]
}
