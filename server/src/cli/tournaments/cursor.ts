import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { writeNewFile } from '../files.js'
import type { Io } from '../io.js'
import { besideTerms } from '../termsFile.js'

/** How far the chain was read; beside the tournament's file. */
export type KeptCursor = {
  readonly read: () => string | undefined
  readonly keep: (cursor: string) => Promise<void>
}

/**
 * Opens the cursor of a tournament. Where two commands keep how far they read, either serves.
 *
 * @param io of this process
 * @param name of the tournament's file
 */
export async function openCursor(io: Io, name: string): Promise<KeptCursor> {
  const path = resolve(io.directory, besideTerms(name, 'cursor'))
  let cursor = existsSync(path) ? await readFile(path, 'utf8') : undefined
  return {
    read: () => cursor,
    keep: async (next) => {
      if (next === cursor) return
      cursor = next
      await writeNewFile(path, next, { mode: 0o644, force: true })
    },
  }
}
