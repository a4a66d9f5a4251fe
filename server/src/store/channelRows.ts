import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { Hex } from '@sluice/sdk'
import type { PayeeRecord, StoredTip } from '@sluice/sdk/session'
import { z } from 'zod'
import { amountSlot, decodeAmount, decodeHex, encodeAmount, encodeHex, hexSlot } from './encoding.js'
import { storeFailed } from './failures.js'

/** Reads and writes channels and tips; transactions are the caller's. */
export type ChannelRows = {
  /**
   * Writes a record, which must have passed `requireEncodable`, unless that would lower what may only grow; tells
   * whether it wrote.
   */
  readonly write: (record: PayeeRecord) => boolean
  readonly read: (channelId: Hex) => PayeeRecord | undefined
  /** Reads channels page by page, letting other work run between; each record is whole, the list is no snapshot. */
  readonly readAll: (options: { readonly closed: boolean }) => Promise<PayeeRecord[]>
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

/** Rows read at once, so that listing many channels holds nobody up for long. */
const pageSize = 250

const updateSql = `
  UPDATE channels SET deposited = ?2, claimed = ?3, opened_at = ?4, accepted = ?5, signature = ?6, spent = ?7,
    units = ?8, tipped = ?9, close_requested_at = ?10, consent_amount = ?11, consent_signature = ?12, closed = ?13
  WHERE channel_id = ?1 AND claimed <= ?3 AND accepted <= ?5 AND spent <= ?7 AND units <= ?8`

const insertSql = `
  INSERT INTO channels (channel_id, deposited, claimed, opened_at, accepted, signature, spent, units, tipped,
    close_requested_at, consent_amount, consent_signature, closed)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT DO NOTHING`

const selectSql = 'SELECT channels.*, terms.terms FROM channels JOIN terms USING (channel_id)'

/** Prepares the statements once. */
export function channelRows(database: DatabaseSync): ChannelRows {
  const update = database.prepare(updateSql)
  const insert = database.prepare(insertSql)
  const insertTerms = database.prepare('INSERT INTO terms (channel_id, terms) VALUES (?, ?)')
  const selectOne = database.prepare(`${selectSql} WHERE channel_id = ?`)
  const selectPage = database.prepare(
    `${selectSql} WHERE channel_id > ?1 AND closed <= ?2 ORDER BY channel_id LIMIT ?3`,
  )
  const insertTip = database.prepare(
    'INSERT INTO tips (channel_id, id, amount, message, at_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const selectTips = database.prepare('SELECT * FROM tips WHERE channel_id = ? ORDER BY position')
  const bound = createBinding()

  return {
    write(record) {
      const values = bound(record)
      // The common case first: almost every save is one of a channel that is there.
      if (update.run(...values).changes === 1) return true
      if (insert.run(...values).changes !== 1) return false
      insertTerms.run(values[0], encodeTerms(record))
      return true
    },
    read(channelId) {
      const row = selectOne.get(encodeHex(channelId))
      return row === undefined ? undefined : decodeRecord(row)
    },
    async readAll({ closed }) {
      const records: PayeeRecord[] = []
      for (let after: Uint8Array = new Uint8Array(); ;) {
        const page = selectPage.all(after, closed ? 1 : 0, pageSize)
        records.push(...page.map(decodeRecord))
        const last = page.at(-1)
        if (last === undefined || page.length < pageSize) return records
        after = bytes(last, 'channel_id')
        await setImmediate()
      }
    },
    writeTip(tip) {
      insertTip.run(encodeHex(tip.channelId), tip.id, encodeAmount(tip.amount), tip.message, tip.atMs)
    },
    readTips: (channelId) => selectTips.all(encodeHex(channelId)).map(decodeTip),
  }
}

/** Gives the values of a row in the order of the statements. They hold until the next row; SQLite copies what it is given. */
function createBinding() {
  const channelId = hexSlot()
  const deposited = amountSlot()
  const claimed = amountSlot()
  const accepted = amountSlot()
  const signature = hexSlot()
  const spent = amountSlot()
  const units = amountSlot()
  const tipped = amountSlot()
  return (record: PayeeRecord) => {
    deposited.set(record.deposited)
    claimed.set(record.claimed)
    accepted.set(record.accepted)
    spent.set(record.spent)
    units.set(record.units)
    tipped.set(record.tipped)
    return [
      channelId.set(record.channelId),
      deposited.bytes,
      claimed.bytes,
      record.openedAt,
      accepted.bytes,
      signature.set(record.signature),
      spent.bytes,
      units.bytes,
      tipped.bytes,
      record.closeRequestedAt,
      record.consent === undefined ? null : encodeAmount(record.consent.capturedAmount),
      record.consent === undefined ? null : encodeHex(record.consent.payeeSignature),
      record.closed ? 1 : 0,
    ] as const
  }
}

function encodeTerms(record: PayeeRecord): string {
  const { channel } = record
  return JSON.stringify({ ...channel, rate: channel.rate.toString(), burst: channel.burst.toString() })
}

type Row = Record<string, SQLOutputValue>

function decodeRecord(row: Row): PayeeRecord {
  const consented = row['consent_amount'] !== null
  return {
    channelId: decodeHex(bytes(row, 'channel_id')),
    channel: termsSchema.parse(JSON.parse(text(row, 'terms'))),
    deposited: decodeAmount(bytes(row, 'deposited')),
    claimed: decodeAmount(bytes(row, 'claimed')),
    openedAt: integer(row, 'opened_at'),
    accepted: decodeAmount(bytes(row, 'accepted')),
    signature: decodeHex(bytes(row, 'signature')),
    spent: decodeAmount(bytes(row, 'spent')),
    units: decodeAmount(bytes(row, 'units')),
    tipped: decodeAmount(bytes(row, 'tipped')),
    closeRequestedAt: integer(row, 'close_requested_at'),
    consent: consented
      ? {
          capturedAmount: decodeAmount(bytes(row, 'consent_amount')),
          payeeSignature: decodeHex(bytes(row, 'consent_signature')),
        }
      : undefined,
    closed: integer(row, 'closed') !== 0,
  }
}

function decodeTip(row: Row): StoredTip {
  return {
    channelId: decodeHex(bytes(row, 'channel_id')),
    id: text(row, 'id'),
    amount: decodeAmount(bytes(row, 'amount')),
    message: text(row, 'message'),
    atMs: integer(row, 'at_ms'),
  }
}

// The schema is STRICT, so a value of another type means that the file was tampered with.

function bytes(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (value instanceof Uint8Array) return value
  throw storeFailed(`column ${column} holds ${typeof value}, expected bytes`)
}

function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw storeFailed(`column ${column} holds ${typeof value}, expected text`)
}

function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value === 'number') return value
  throw storeFailed(`column ${column} holds ${typeof value}, expected an integer`)
}
