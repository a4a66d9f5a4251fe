import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
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

const schema = z.strictObject({
  sent: z.record(z.string(), z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)])),
  cursor: z.string().optional(),
})

/**
 * Opens the journal of a tournament.
 *
 * @param io of this process
 * @param name of the tournament's file
 * @throws CommandError exit code 1 when the file holds something else
 */
export async function openJournal(io: Io, name: string): Promise<Journal> {
  const path = resolve(io.directory, besideTournament(name, 'progress'))
  let { sent, cursor } = await load(path)
  const save = () =>
    writeNewFile(path, `${JSON.stringify({ sent, cursor }, undefined, 2)}\n`, { mode: 0o644, force: true })
  return {
    pending: (purpose) => sent[purpose],
    sending: async (purpose, hash) => {
      sent = { ...sent, [purpose]: hash }
      await save()
    },
    settled: async (purpose) => {
      if (sent[purpose] === undefined) return
      sent = Object.fromEntries(Object.entries(sent).filter(([key]) => key !== purpose))
      await save()
    },
    cursor: () => cursor,
    keepCursor: async (next) => {
      if (next === cursor) return
      cursor = next
      await save()
    },
  }
}

async function load(path: string): Promise<z.infer<typeof schema>> {
  if (!existsSync(path)) return { sent: {} }
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw failure(
      `${path} is damaged: it should tell which transactions were sent.`,
      'Look whether the last one went through ("sluice tournament show"), then delete the file.',
      { cause },
    )
  }
}
