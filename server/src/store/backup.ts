import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs'
import * as sqlite from 'node:sqlite'
import type { Hex } from '@sluice/sdk'
import { channelRows } from './channelRows.js'
import { acquireLock, check } from './connection.js'
import { reasonOf, storeFailed } from './failures.js'

/** How far a database has come. */
export type DatabaseMark = {
  /** Given when a database is first made; copies keep it. */
  readonly lineage: string
  /** Transactions committed since then. */
  readonly revision: number
  /** Milliseconds since 1970 of the last of them. */
  readonly writtenMs: number
  readonly channels: number
}

export type BackupReport = DatabaseMark & { readonly path: string }

/** What a restore put back and what is known to be older in it. */
export type RestoreReport = {
  readonly restored: DatabaseMark
  /** The database that stood there, kept under `keptAt`; undefined when there was none. */
  readonly replaced: (DatabaseMark & { readonly keptAt: string }) | undefined
  /** Channels whose highest voucher was higher in the replaced database, or is missing from the backup. */
  readonly behind: readonly Hex[]
  /** Sentences for the operator. */
  readonly warnings: readonly string[]
}

/**
 * Copies a database as it is at one moment, although a server goes on writing to it, and checks the copy.
 *
 * @param database path of the database
 * @param path of the copy; replaced in one step when it exists
 * @throws SluiceError `store-failed`
 */
export async function copyDatabase(database: string, path: string): Promise<BackupReport> {
  if (isSameFile(path, database)) {
    throw storeFailed(`${path} is the database itself`, { message: 'A backup needs a file of its own.' })
  }
  const partial = `${path}.partial`
  try {
    removeDatabase(partial)
    const { mark } = await copyOut(database, partial)
    renameSync(partial, path)
    return { path, ...mark }
  } catch (cause) {
    removeDatabase(partial)
    throw storeFailed(`the backup to ${path} failed: ${reasonOf(cause)}`, {
      retryable: true,
      cause,
      message: 'The backup failed. The database itself is unharmed.',
    })
  }
}

/**
 * Puts a backup in place of a database that no server uses. The replaced database is kept beside it.
 *
 * @param parameters
 * - `from`: the backup
 * - `to`: where the server expects its database
 * - `force`: replace a database that is newer than the backup or has another history
 * @throws SluiceError `store-failed`: in use, unsound backup, or newer database without `force`
 */
export async function restoreBackup(parameters: {
  readonly from: string
  readonly to: string
  readonly force?: boolean
}): Promise<RestoreReport> {
  const { from, to, force = false } = parameters
  if (!existsSync(from)) throw storeFailed(`there is no backup at ${from}`)
  if (isSameFile(from, to)) throw storeFailed(`${from} is the database itself, not a backup of it`)
  const lock = acquireLock(to)
  const partial = `${to}.partial`
  try {
    removeDatabase(partial)
    const restored = await copyOut(from, partial)
    const replaced = existsSync(to) ? await inspect(to) : undefined
    if (replaced !== undefined && !force) requireNotNewer(replaced.mark, restored.mark, { from, to })
    const keptAt = replaced === undefined ? undefined : setAside(to, replaced.mark)
    renameSync(partial, to)
    const behind = channelsBehind(restored.accepted, replaced?.accepted ?? new Map())
    return {
      restored: restored.mark,
      replaced: replaced === undefined || keptAt === undefined ? undefined : { ...replaced.mark, keptAt },
      behind,
      warnings: warningsFor(behind, restored.mark),
    }
  } catch (error) {
    removeDatabase(partial)
    if (error instanceof Error && error.name === 'SluiceError') throw error
    throw storeFailed(`${from} could not be restored: ${reasonOf(error)}`, { cause: error })
  } finally {
    lock.close()
  }
}

type Inspection = { readonly mark: DatabaseMark; readonly accepted: ReadonlyMap<Hex, bigint> }

/** Checks a database and looks into it. Opened for writing, because a log left by a crash must be taken in first. */
async function inspect(path: string): Promise<Inspection> {
  const database = new sqlite.DatabaseSync(path)
  try {
    check(database, path)
    return await readMark(database)
  } finally {
    database.close()
  }
}

async function copyOut(from: string, partial: string): Promise<Inspection> {
  const source = new sqlite.DatabaseSync(from, { readOnly: true })
  try {
    check(source, from)
    // Holding one snapshot throughout: otherwise every commit of a running server would start the copy anew.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM progress').get()
    await sqlite.backup(source, partial)
  } finally {
    source.close()
  }
  return await inspect(partial)
}

async function readMark(database: sqlite.DatabaseSync): Promise<Inspection> {
  const row = database.prepare('SELECT lineage, revision, written_ms FROM progress').get()
  if (row === undefined) throw storeFailed('the database was never used by a server')
  const records = await channelRows(database).readAll({ closed: true })
  return {
    mark: {
      lineage: String(row['lineage']),
      revision: Number(row['revision']),
      writtenMs: Number(row['written_ms']),
      channels: records.length,
    },
    accepted: new Map(records.map((record) => [record.channelId, record.accepted])),
  }
}

function requireNotNewer(
  existing: DatabaseMark,
  backup: DatabaseMark,
  paths: { readonly from: string; readonly to: string },
): void {
  const message = 'The database in place is newer than the backup. Nothing was changed.'
  if (existing.lineage !== backup.lineage) {
    throw storeFailed(
      `${paths.to} is not the database that ${paths.from} was copied from; force to replace it`,
      {
        message: 'The database in place is not the one this backup was made of. Nothing was changed.',
      },
    )
  }
  if (existing.revision > backup.revision) {
    throw storeFailed(
      `${paths.to} is at revision ${existing.revision}, ${paths.from} at ${backup.revision}; force to replace it`,
      { message },
    )
  }
}

function setAside(path: string, mark: DatabaseMark): string {
  const keptAt = `${path}.replaced-${mark.revision}`
  removeDatabase(keptAt)
  renameSync(path, keptAt)
  // Its log was taken in when it was inspected; a stale one would be applied to the restored file.
  removeDatabase(path)
  return keptAt
}

function channelsBehind(restored: ReadonlyMap<Hex, bigint>, replaced: ReadonlyMap<Hex, bigint>): Hex[] {
  const behind: Hex[] = []
  for (const [channelId, accepted] of replaced) {
    if ((restored.get(channelId) ?? -1n) < accepted) behind.push(channelId)
  }
  return behind
}

function warningsFor(behind: readonly Hex[], mark: DatabaseMark): string[] {
  const warnings = [
    `The backup ends at ${new Date(mark.writtenMs).toISOString()}. Vouchers accepted later are not in it; a payer that ` +
      'comes back hands its highest voucher over again, so that only payers that never return are lost.',
  ]
  if (behind.length > 0) {
    warnings.push(
      `${behind.length} channels had a higher voucher, or existed only, in the replaced database: settle from that ` +
        'file if it can still be read.',
    )
  }
  return warnings
}

function isSameFile(path: string, other: string): boolean {
  if (!existsSync(path) || !existsSync(other)) return false
  return realpathSync(path) === realpathSync(other)
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true })
}
