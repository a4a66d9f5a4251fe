import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { enqueueWrite, type GroupCommit } from './groupCommit.js'
import type { DocumentStore } from './ports.js'

const documentSchema = z.object({ id: z.string(), text: z.string() })
const textSchema = documentSchema.pick({ text: true }).optional()

/** Documents in SQLite. */
export function documentRows(
  database: DatabaseSync,
  commits: GroupCommit,
  read: <Value>(query: () => Value) => Promise<Value>,
): DocumentStore {
  const select = database.prepare('SELECT text FROM documents WHERE kind = ? AND id = ?')
  const upsert = database.prepare('INSERT OR REPLACE INTO documents (kind, id, text) VALUES (?, ?, ?)')
  const remove = database.prepare('DELETE FROM documents WHERE kind = ? AND id = ?')
  // A limit below zero is none.
  const selectNewest = database.prepare(
    'SELECT id, text FROM documents WHERE kind = ? AND id >= ? ORDER BY id DESC LIMIT ?',
  )

  return {
    get: (kind, id) => read(() => textSchema.parse(select.get(kind, id))?.text),
    put: (kind, id, text) =>
      enqueueWrite(commits, () => {
        upsert.run(kind, id, text)
        return { value: undefined }
      }),
    delete: (kind, id) =>
      enqueueWrite(commits, () => {
        remove.run(kind, id)
        return { value: undefined }
      }),
    list: (kind, { from = '', newest = -1 } = {}) =>
      read(() =>
        selectNewest
          .all(kind, from, newest)
          .map((row) => documentSchema.parse(row))
          .reverse(),
      ),
  }
}
