import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '@sluice/sdk/session'
import { z } from 'zod'
import { storeFailed } from './failures.js'
import { enqueueWrite, type GroupCommit } from './groupCommit.js'
import { answerLifetimeMs, type IdempotencyState, type IdempotencyStore } from './ports.js'

const rowSchema = z.object({
  request_hash: z.string(),
  run: z.string(),
  status: z.number().nullable(),
  headers: z.string().nullable(),
  body: z.instanceof(Uint8Array).nullable(),
})
const headersSchema = z.record(z.string(), z.string())

/**
 * Idempotency keys in SQLite.
 *
 * @param run names this process's use of the database: what another run left unanswered was interrupted
 */
export function idempotencyRows(
  database: DatabaseSync,
  commits: GroupCommit,
  clock: Clock,
  run: string,
): IdempotencyStore {
  const select = database.prepare(
    'SELECT request_hash, run, status, headers, body FROM idempotency WHERE key = ? AND expires_ms > ?',
  )
  const take = database.prepare(
    'INSERT OR REPLACE INTO idempotency (key, request_hash, run, expires_ms) VALUES (?, ?, ?, ?)',
  )
  const answer = database.prepare(
    'UPDATE idempotency SET status = ?, headers = ?, body = ?, expires_ms = ? WHERE key = ? AND status IS NULL',
  )
  const release = database.prepare('DELETE FROM idempotency WHERE key = ? AND status IS NULL')
  const purge = database.prepare('DELETE FROM idempotency WHERE expires_ms <= ?')

  function begin(key: string, requestHash: string): IdempotencyState {
    const nowMs = clock.now()
    const found = select.get(key, nowMs)
    if (found === undefined) {
      // Every key comes once and goes once, so that clearing up here keeps the table as small as a day's requests.
      purge.run(nowMs)
      take.run(key, requestHash, run, nowMs + answerLifetimeMs)
      return { kind: 'new' }
    }
    const row = rowSchema.parse(found)
    if (row.request_hash !== requestHash) return { kind: 'conflict' }
    if (row.status !== null) {
      const headers = headersSchema.parse(JSON.parse(row.headers ?? '{}'))
      return { kind: 'answered', answer: { status: row.status, headers, body: row.body ?? new Uint8Array() } }
    }
    if (row.run === run) return { kind: 'in-progress' }
    take.run(key, requestHash, run, nowMs + answerLifetimeMs)
    return { kind: 'interrupted' }
  }

  return {
    begin: (key, requestHash) => enqueueWrite(commits, () => ({ value: begin(key, requestHash) })),
    finish: (key, given) =>
      enqueueWrite(commits, () => {
        const headers = JSON.stringify(given.headers)
        const expiresMs = clock.now() + answerLifetimeMs
        const { changes } = answer.run(given.status, headers, given.body, expiresMs, key)
        return changes === 1
          ? { value: undefined }
          : { refusal: storeFailed(`idempotency key ${key} is not waiting for an answer`) }
      }),
    abandon: (key) =>
      enqueueWrite(commits, () => {
        release.run(key)
        return { value: undefined }
      }),
  }
}
