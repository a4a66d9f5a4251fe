import type { DatabaseSync } from 'node:sqlite'
import type { Hex } from '@sluice/sdk'
import type { PayeeRecord, StoredTip } from '@sluice/sdk/session'
import { z } from 'zod'
import { decodeAmount, decodeHex, encodeAmount, encodeHex } from './encoding.js'

/** A record as it is bound to the statements. */
export type ChannelRow = { readonly record: PayeeRecord; readonly values: ReturnType<typeof encodeRecord> }

/** Reads and writes channels and tips; transactions are the caller's. */
export type ChannelRows = {
  /** Writes a record unless that would lower what may only grow; tells whether it wrote. */
  readonly write: (row: ChannelRow) => boolean
  readonly read: (channelId: Hex) => PayeeRecord | undefined
  readonly readAll: (options: { readonly closed: boolean }) => PayeeRecord[]
  /** Writes a tip once; a second one with the same channel and id changes nothing. */
  readonly writeTip: (tip: StoredTip) => void
  readonly readTips: (channelId: Hex) => StoredTip[]
}

const hex = z.templateLiteral(['0x', z.string()])
const amount = z.string().transform((text) => BigInt(text))
const termsSchema = z.object({
  payer: hex,
  payee: hex,
  operator: hex,
  token: hex,
  signer: hex,
  grace: z.number(),
  rate: amount,
  burst: amount,
  salt: hex,
})
const blob = z.instanceof(Uint8Array)
const amountBlob = blob.transform(decodeAmount)
const hexBlob = blob.transform(decodeHex)

const recordSchema = z
  .object({
    channel_id: hexBlob,
    terms: z.string().transform((text) => termsSchema.parse(JSON.parse(text))),
    deposited: amountBlob,
    claimed: amountBlob,
    opened_at: z.number(),
    accepted: amountBlob,
    signature: hexBlob,
    spent: amountBlob,
    units: amountBlob,
    tipped: amountBlob,
    close_requested_at: z.number(),
    consent_amount: amountBlob.nullable(),
    consent_signature: hexBlob.nullable(),
    closed: z.number(),
  })
  .transform((row): PayeeRecord => ({
    channelId: row.channel_id,
    channel: row.terms,
    deposited: row.deposited,
    claimed: row.claimed,
    openedAt: row.opened_at,
    accepted: row.accepted,
    signature: row.signature,
    spent: row.spent,
    units: row.units,
    tipped: row.tipped,
    closeRequestedAt: row.close_requested_at,
    consent:
      row.consent_amount === null || row.consent_signature === null
        ? undefined
        : { capturedAmount: row.consent_amount, payeeSignature: row.consent_signature },
    closed: row.closed !== 0,
  }))

const tipSchema = z
  .object({ channel_id: hexBlob, id: z.string(), amount: amountBlob, message: z.string(), at_ms: z.number() })
  .transform((row): StoredTip => ({
    channelId: row.channel_id,
    id: row.id,
    amount: row.amount,
    message: row.message,
    atMs: row.at_ms,
  }))

const updateSql = `
  UPDATE channels SET deposited = ?2, claimed = ?3, opened_at = ?4, accepted = ?5, signature = ?6, spent = ?7,
    units = ?8, tipped = ?9, close_requested_at = ?10, consent_amount = ?11, consent_signature = ?12, closed = ?13
  WHERE channel_id = ?1 AND claimed <= ?3 AND accepted <= ?5 AND spent <= ?7 AND units <= ?8`

const insertSql = `
  INSERT INTO channels (channel_id, deposited, claimed, opened_at, accepted, signature, spent, units, tipped,
    close_requested_at, consent_amount, consent_signature, closed, terms)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING`

/** Prepares the statements once. */
export function channelRows(database: DatabaseSync): ChannelRows {
  const update = database.prepare(updateSql)
  const insert = database.prepare(insertSql)
  const selectOne = database.prepare('SELECT * FROM channels WHERE channel_id = ?')
  const selectOpen = database.prepare('SELECT * FROM channels WHERE closed = 0 ORDER BY channel_id')
  const selectAll = database.prepare('SELECT * FROM channels ORDER BY channel_id')
  const insertTip = database.prepare(
    'INSERT INTO tips (channel_id, id, amount, message, at_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const selectTips = database.prepare('SELECT * FROM tips WHERE channel_id = ? ORDER BY position')

  return {
    write({ record, values }) {
      // The common case first: almost every save is one of a channel that is there.
      if (update.run(...values).changes === 1) return true
      return insert.run(...values, encodeTerms(record)).changes === 1
    },
    read(channelId) {
      const row = selectOne.get(encodeHex(channelId))
      return row === undefined ? undefined : recordSchema.parse(row)
    },
    readAll: ({ closed }) => (closed ? selectAll : selectOpen).all().map((row) => recordSchema.parse(row)),
    writeTip(tip) {
      insertTip.run(encodeHex(tip.channelId), tip.id, encodeAmount(tip.amount), tip.message, tip.atMs)
    },
    readTips: (channelId) => selectTips.all(encodeHex(channelId)).map((row) => tipSchema.parse(row)),
  }
}

/**
 * Encodes a record before it is queued, so that one that cannot be encoded fails alone.
 *
 * @throws SluiceError `invalid-argument`
 */
export function encodeRow(record: PayeeRecord): ChannelRow {
  return { record, values: encodeRecord(record) }
}

function encodeRecord(record: PayeeRecord) {
  return [
    encodeHex(record.channelId),
    encodeAmount(record.deposited),
    encodeAmount(record.claimed),
    record.openedAt,
    encodeAmount(record.accepted),
    encodeHex(record.signature),
    encodeAmount(record.spent),
    encodeAmount(record.units),
    encodeAmount(record.tipped),
    record.closeRequestedAt,
    record.consent === undefined ? null : encodeAmount(record.consent.capturedAmount),
    record.consent === undefined ? null : encodeHex(record.consent.payeeSignature),
    record.closed ? 1 : 0,
  ] as const
}

function encodeTerms(record: PayeeRecord): string {
  const { channel } = record
  return JSON.stringify({ ...channel, rate: channel.rate.toString(), burst: channel.burst.toString() })
}
