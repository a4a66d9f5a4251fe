import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Hex } from '@sluice/sdk'
import { failure } from '../exit.js'
import { writeNewFile } from '../files.js'
import type { Io } from '../io.js'
import { besideTournament } from './tournamentFile.js'

/** What a command was about to wait for when it was interrupted, and how far the chain was read; beside the tournament. */
export type Journal = {
  /** The transaction that was sent for a purpose and not seen mined yet. */
  readonly pending: (purpose: string) => Hex | undefined
  /** Keeps a transaction before it leaves. */
  readonly sending: (purpose: string, hash: Hex) => Promise<void>
  /** Forgets a transaction whose fate is known. */
  readonly settled: (purpose: string) => Promise<void>
  /** How far the chain was read. */
  readonly cursor: () => string | undefined
  readonly keepCursor: (cursor: string) => Promise<void>
}

/** A line of the file: a transaction that is sent for a purpose, or that its fate is known. */
const line = z.strictObject({
  purpose: z.string(),
  hash: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]).nullable(),
})

type Line = z.infer<typeof line>

/**
 * Opens the journal of a tournament. Several commands may use it at once: what is sent is only ever added to its file, and
 * where two keep how far they read, either serves.
 *
 * @param io of this process
 * @param name of the tournament's file
 * @throws CommandError exit code 1 when the file holds something else
 */
export async function openJournal(io: Io, name: string): Promise<Journal> {
  const sentPath = resolve(io.directory, besideTournament(name, 'sent.jsonl'))
  const cursorPath = resolve(io.directory, besideTournament(name, 'cursor'))
  const sent = new Map((await load(sentPath)).map(({ purpose, hash }) => [purpose, hash]))
  let cursor = existsSync(cursorPath) ? await readFile(cursorPath, 'utf8') : undefined
  const add = async (added: Line) => {
    sent.set(added.purpose, added.hash)
    await append(sentPath, `${JSON.stringify(added)}\n`)
  }
  return {
    pending: (purpose) => sent.get(purpose) ?? undefined,
    sending: (purpose, hash) => add({ purpose, hash }),
    settled: async (purpose) => {
      if (typeof sent.get(purpose) === 'string') await add({ purpose, hash: null })
    },
    cursor: () => cursor,
    keepCursor: async (next) => {
      if (next === cursor) return
      cursor = next
      await writeNewFile(cursorPath, next, { mode: 0o644, force: true })
    },
  }
}

/** On the disk when it resolves, in one piece, whoever else adds at the same time. */
async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', 0o644)
  try {
    await file.write(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function load(path: string): Promise<readonly Line[]> {
  if (!existsSync(path)) return []
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').filter((text) => text !== '')
    return lines.map((text) => line.parse(JSON.parse(text)))
  } catch (cause) {
    throw failure(
      `${path} is damaged: it should tell which transactions were sent.`,
      'Look whether the last one went through ("sluice tournament show"), then delete the file.',
      { cause },
    )
  }
}
