import type { PayerRecord } from '../session/ports.js'

/**
 * What a store keeps when a record is put over another of the same channel. Two tabs may share a store: the one that
 * was displaced knows less and still writes, and must not lower what the other has signed or counted (I18).
 *
 * @param stored what is there; undefined: nothing
 * @param next what is put
 */
export function keepHighest(stored: PayerRecord | undefined, next: PayerRecord): PayerRecord {
  if (stored === undefined) return next
  const { signed, signature } = stored.signed > next.signed ? stored : next
  const overcharge = stored.overcharge ?? next.overcharge
  return {
    ...next,
    signed,
    signature,
    units: greatest(stored.units, next.units),
    tipped: greatest(stored.tipped, next.tipped),
    ...(overcharge && { overcharge }),
    closed: stored.closed || next.closed,
  }
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
