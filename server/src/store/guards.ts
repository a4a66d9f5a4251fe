import { type SluiceError } from '@sluice/sdk'
import type { PayeeRecord, StoredTip } from '@sluice/sdk/session'
import { requireAmount, requireHex } from './encoding.js'
import { storeFailed } from './failures.js'

const amounts = ['deposited', 'claimed', 'accepted', 'spent', 'units', 'tipped'] as const
const growing = ['accepted', 'spent', 'units', 'claimed'] as const

/**
 * What of a record would fall although it may only grow; undefined when nothing would.
 * `deposited` may fall: a reorganisation can take a deposit back.
 *
 * @param before what is stored
 * @param after what is to be stored
 */
export function loweredField(before: PayeeRecord, after: PayeeRecord): (typeof growing)[number] | undefined {
  return growing.find((field) => after[field] < before[field])
}

/**
 * The refusal of a save that would lower something.
 *
 * @param before what is stored
 * @param after what was to be stored
 */
export function refusedFall(before: PayeeRecord, after: PayeeRecord): SluiceError {
  const field = loweredField(before, after)
  const what = field === undefined ? 'a save' : `${field} would fall from ${before[field]} to ${after[field]}`
  return storeFailed(`channel ${after.channelId}: ${what}; it may only grow`)
}

/**
 * Refuses what cannot be encoded before it is queued, so that it fails alone and takes no transaction with it.
 *
 * @throws SluiceError `invalid-argument`
 */
export function requireEncodable(record: PayeeRecord, tip: StoredTip | undefined): void {
  const { consent } = record
  for (const field of amounts) requireAmount(record[field])
  requireHex(record.channelId)
  requireHex(record.signature)
  if (consent !== undefined) {
    requireAmount(consent.capturedAmount)
    requireHex(consent.payeeSignature)
  }
  if (tip === undefined) return
  requireAmount(tip.amount)
  requireHex(tip.channelId)
}
