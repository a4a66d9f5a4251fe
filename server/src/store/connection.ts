import { closeSync, existsSync, fdatasync, openSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { reasonOf, storeFailed } from './failures.js'
import { applicationId, migrations } from './schema.js'

/** An open database and, unless it is only read, the lock that keeps other servers out. */
export type Connection = {
  readonly database: DatabaseSync
  /** Makes durable what was committed before the call. Undefined where there is nothing to do: in memory, or read only. */
  readonly sync: (() => Promise<void>) | undefined
  readonly close: () => void
}

const flushFile = promisify(fdatasync)

/**
 * Opens, checks and migrates a database.
 *
 * @param path of the file; made when missing, unless `readOnly`
 * @param options `readOnly` looks at a database that a server may be using
 * @throws SluiceError `store-failed`: in use, damaged, foreign or newer than this program
 */
export function connect(path: string, options: { readonly readOnly: boolean }): Connection {
  if (options.readOnly && !existsSync(path)) throw storeFailed(`there is no database at ${path}`)
  const lock = options.readOnly ? undefined : acquireLock(path)
  let database: DatabaseSync | undefined
  let log: number | undefined
  try {
    database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: 5000 })
    check(database, path)
    if (options.readOnly) requireVersion(database, path)
    else prepareForWriting(database, path)
  } catch (error) {
    database?.close()
    lock?.close()
    if (error instanceof Error && error.name === 'SluiceError') throw error
    throw storeFailed(`${path} cannot be opened: ${reasonOf(error)}`, { cause: error })
  }
  const opened = database
  const sync = async (): Promise<void> => {
    // The log is there since the first commit and stays the same file until the database is closed.
    log ??= openSync(`${canonicalPath(path)}-wal`, 'r+')
    await flushFile(log)
  }
  return {
    database: opened,
    sync: options.readOnly || opened.location() === null ? undefined : sync,
    close() {
      opened.close()
      if (log !== undefined) closeSync(log)
      log = undefined
      lock?.close()
    },
  }
}

/**
 * Takes the lock of a database: a transaction held open on a file beside it, which the operating system lets go when
 * the process ends, however it ends. The database itself stays readable for others, so that an operator can list
 * channels and back up while the server runs.
 *
 * @throws SluiceError `store-failed` when another server has it
 */
export function acquireLock(path: string): DatabaseSync {
  const lockPath = `${canonicalPath(path)}.lock`
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(lockPath, { timeout: 0 })
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock?.close()
    if (reasonOf(cause).includes('locked')) {
      throw storeFailed(`${path} is in use by another server (it holds ${lockPath})`, {
        cause,
        message: 'Another server is using this database. Stop it first, or use another file.',
      })
    }
    throw storeFailed(`${lockPath} cannot be locked: ${reasonOf(cause)}`, { cause })
  }
}

/** Two names of one file must meet at one lock. */
function canonicalPath(path: string): string {
  const full = resolve(path)
  if (existsSync(full)) return realpathSync(full)
  const folder = dirname(full)
  return existsSync(folder) ? join(realpathSync(folder), basename(full)) : full
}

/** The number a one-value PRAGMA answers. */
function pragmaNumber(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}

/**
 * Refuses a file that is damaged, belongs to another program or was written by a newer version of this one.
 *
 * @throws SluiceError `store-failed`
 */
export function check(database: DatabaseSync, path: string): void {
  const found = String(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'])
  if (found !== 'ok') {
    throw storeFailed(`${path} is damaged: ${found}`, {
      message: 'The database is damaged. Restore the last backup.',
    })
  }
  const version = pragmaNumber(database, 'user_version')
  const owner = pragmaNumber(database, 'application_id')
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  if (!isEmpty && owner !== applicationId) {
    throw storeFailed(`${path} is a database of another program (application id ${owner})`)
  }
  if (version > migrations.length) {
    throw storeFailed(
      `${path} has schema version ${version}, this program knows up to ${migrations.length}`,
      {
        message: 'The database was written by a newer version. Update this program.',
      },
    )
  }
}

function requireVersion(database: DatabaseSync, path: string): void {
  const version = pragmaNumber(database, 'user_version')
  if (version !== migrations.length) {
    throw storeFailed(
      `${path} has schema version ${version}, expected ${migrations.length}: start the server once`,
    )
  }
}

/** Length of the write-ahead log at which it is brought into the database: 32 MB. */
const pagesInLog = 8_192

function prepareForWriting(database: DatabaseSync, path: string): void {
  const mode = String(database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'])
  if (mode !== 'wal' && mode !== 'memory')
    throw storeFailed(`${path} cannot use a write-ahead log, got ${mode}`)
  database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  // A checkpoint writes each page once however often the log holds it, so under load fewer of them are less work.
  database.exec(`PRAGMA wal_autocheckpoint = ${pagesInLog}`)
  for (let version = pragmaNumber(database, 'user_version'); version < migrations.length; version += 1) {
    database.exec('BEGIN IMMEDIATE')
    try {
      database.exec(migrations[version] ?? '')
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version + 1}; COMMIT`)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
  // FULL would have every commit wait for the disk, and this thread with it. NORMAL leaves that to `sync`, without which a
  // power cut would take acknowledged vouchers back; it still flushes what a crash could damage the database by.
  database.exec('PRAGMA synchronous = NORMAL')
}
