import { SluiceError, type Hex } from '@sluice/sdk'
import type { Clock } from '@sluice/sdk/session'
import { copyDatabase, type BackupReport } from './backup.js'
import { channelRows } from './channelRows.js'
import { connect } from './connection.js'
import { documentRows } from './documentRows.js'
import { reasonOf, storeFailed } from './failures.js'
import { createGroupCommit, enqueueWrite } from './groupCommit.js'
import { idempotencyRows } from './idempotencyRows.js'
import { outboxRows } from './outboxRows.js'
import type { ServerStore } from './ports.js'
import { createSaves } from './saves.js'

/** A payee server's store in one SQLite file. */
export type SqliteStore = ServerStore & {
  readonly path: string
  /**
   * Copies the database as it is, while it is in use. An older backup at the path is replaced once the new one is
   * complete and sound.
   *
   * @throws SluiceError `store-failed`
   */
  readonly backup: (path: string) => Promise<BackupReport>
}

/**
 * Opens the durable store of a payee server. A promise it gives resolves only after the disk has the commit that holds
 * the write.
 *
 * @param parameters
 * - `path`: the file; made when missing
 * - `clock`: times the group commit
 * - `flushEveryMs`: milliseconds between commits under load, default 10
 * - `maxBatch`: writes after which a commit does not wait any longer, default 512
 * - `readOnly`: only looks, beside a running server; writes reject
 * @throws SluiceError `store-failed` when another server uses the file, it is damaged, foreign, or newer than this
 * program
 */
export function openSqliteStore(parameters: {
  readonly path: string
  readonly clock: Clock
  readonly flushEveryMs?: number
  readonly maxBatch?: number
  readonly readOnly?: boolean
}): SqliteStore {
  const { path, clock, flushEveryMs = 10, maxBatch = 512, readOnly = false } = parameters
  const connection = connect(path, { readOnly })
  const { database } = connection
  let isClosed = false

  const bumpRevision = database.prepare('UPDATE progress SET revision = revision + 1, written_ms = ?')
  const commits = createGroupCommit({
    clock,
    flushEveryMs,
    maxBatch,
    transactions: {
      begin() {
        if (isClosed) throw storeFailed(`${path} was closed`)
        database.exec('BEGIN IMMEDIATE')
      },
      commit() {
        bumpRevision.run(clock.now())
        database.exec('COMMIT')
      },
      // Some failures, a full disk among them, have already rolled back.
      rollback() {
        if (!isClosed && database.isTransaction) database.exec('ROLLBACK')
      },
      sync: connection.sync,
    },
  })
  const rows = channelRows(database)
  const run = String(database.prepare('SELECT lower(hex(randomblob(8))) AS run').get()?.['run'])
  const selectMeta = database.prepare('SELECT value FROM meta WHERE key = ?')
  const upsertMeta = database.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )

  const saves = createSaves(commits, rows)

  /**
   * Reads what was written before the call, so that nobody starts from less than was saved, once the disk has it, so that
   * nobody is told of what a power cut could take back.
   */
  async function read<Value>(query: () => Value | Promise<Value>): Promise<Value> {
    if (!isClosed) await commits.flush()
    return await ask(query)
  }

  /** As `read`; but a crowd that comes at once must not cost a transaction each, so others' writes go on waiting. */
  async function readChannel<Value>(channelId: Hex, query: () => Value): Promise<Value> {
    if (saves.isWaiting(channelId)) return await read(query)
    await commits.settled()
    return await ask(query)
  }

  async function ask<Value>(query: () => Value | Promise<Value>): Promise<Value> {
    if (isClosed) throw storeFailed(`${path} was closed`)
    try {
      return await query()
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause
      throw storeFailed(`${path} cannot be read: ${reasonOf(cause)}`, { retryable: true, cause })
    }
  }

  return {
    path,
    save: saves.save,
    load: (channelId) => readChannel(channelId, () => rows.read(channelId)),
    tips: (channelId) => readChannel(channelId, () => rows.readTips(channelId)),
    list: () => read(() => rows.readAll({ closed: false })),
    listAll: () => read(() => rows.readAll({ closed: true })),
    idempotency: idempotencyRows(database, commits, clock, run),
    outbox: outboxRows(database, commits, read),
    meta: {
      get: (key) =>
        read(() => {
          const value = selectMeta.get(key)?.['value']
          return typeof value === 'string' ? value : undefined
        }),
      set: (key, value) =>
        enqueueWrite(commits, () => {
          upsertMeta.run(key, value)
          return { value: undefined }
        }),
    },
    documents: documentRows(database, commits, read),
    health: commits.health,
    flush: commits.flush,
    async close() {
      if (isClosed) return
      const flushed = commits.flush()
      isClosed = true
      await flushed
      connection.close()
    },
    backup: async (to) => {
      await read(() => undefined)
      return await copyDatabase(path, to)
    },
  }
}
