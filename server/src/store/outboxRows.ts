import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { isFinal, type Outbox, type OutboxEntry } from '../settlement/outbox.js'
import { storeFailed } from './failures.js'
import { enqueueWrite, type GroupCommit } from './groupCommit.js'

const hex = z.templateLiteral(['0x', z.string()])
const amount = z.string().transform((text) => BigInt(text))
const bodySchema = z.object({
  chainId: z.number(),
  sender: hex,
  nonce: z.number(),
  call: z.object({ to: hex, data: hex, gas: amount }),
  purpose: z.object({
    kind: z.enum(['claim', 'close', 'charge', 'filler']),
    urgent: z.boolean(),
    channels: z.array(z.object({ channelId: hex, amount })),
  }),
  attempts: z.array(
    z.object({ hash: hex, raw: hex, maxFeePerGas: amount, maxPriorityFeePerGas: amount, atBlock: amount }),
  ),
  status: z.enum(['pending', 'mined', 'confirmed', 'reverted', 'lost']),
  inclusion: z
    .object({
      hash: hex,
      blockNumber: amount,
      blockHash: hex,
      success: z.boolean(),
      gasUsed: amount,
      effectiveGasPrice: amount,
    })
    .optional(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
})
const rowSchema = z.object({ id: z.number(), body: z.string() })

/** Settlement transactions in SQLite, one JSON document a row: few, and always read whole. */
export function outboxRows(
  database: DatabaseSync,
  commits: GroupCommit,
  read: <Value>(query: () => Value) => Promise<Value>,
): Outbox {
  const insert = database.prepare('INSERT INTO outbox (nonce, final, updated_ms, body) VALUES (?, ?, ?, ?)')
  const update = database.prepare(
    'UPDATE outbox SET nonce = ?, final = ?, updated_ms = ?, body = ? WHERE id = ?',
  )
  const selectOne = database.prepare('SELECT id, body FROM outbox WHERE id = ?')
  const selectOpen = database.prepare('SELECT id, body FROM outbox WHERE final = 0 ORDER BY nonce, id')
  const selectFinished = database.prepare(
    'SELECT id, body FROM outbox WHERE final = 1 AND updated_ms >= ? ORDER BY updated_ms, id',
  )

  return {
    add: (entry) =>
      enqueueWrite(commits, () => {
        const { lastInsertRowid } = insert.run(...encode(entry))
        return { value: { ...entry, id: Number(lastInsertRowid) } }
      }),
    update: (entry) =>
      enqueueWrite(commits, () =>
        update.run(...encode(entry), entry.id).changes === 1
          ? { value: undefined }
          : { refusal: storeFailed(`outbox has no entry ${entry.id}`) },
      ),
    get: (id) => read(() => selectOne.all(id).map(decode)[0]),
    open: () => read(() => selectOpen.all().map(decode)),
    finished: (sinceMs) => read(() => selectFinished.all(sinceMs).map(decode)),
  }
}

function encode(entry: Omit<OutboxEntry, 'id'>) {
  const { chainId, sender, nonce, call, purpose, attempts, status, inclusion, createdAtMs, updatedAtMs } =
    entry
  const body = {
    chainId,
    sender,
    nonce,
    call,
    purpose,
    attempts,
    status,
    inclusion,
    createdAtMs,
    updatedAtMs,
  }
  const text = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  return [nonce, isFinal(status) ? 1 : 0, updatedAtMs, text] as const
}

function decode(row: unknown): OutboxEntry {
  const { id, body } = rowSchema.parse(row)
  const { inclusion, ...rest } = bodySchema.parse(JSON.parse(body))
  return { id, ...rest, inclusion }
}
