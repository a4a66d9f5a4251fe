import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Hex } from '@sluice/sdk'
import { failure } from './exit.js'
import type { Io } from './io.js'
import { besideTerms, wordSchema } from './termsFile.js'

/** What commands about the same terms were about to wait for when they were interrupted; beside the file of the terms. */
export type Journal = {
  /** The transaction that was sent for a purpose and not seen mined yet. */
  readonly pending: (purpose: string) => Hex | undefined
  /** Keeps a transaction before it leaves. */
  readonly sending: (purpose: string, hash: Hex) => Promise<void>
  /** Forgets a transaction whose fate is known. */
  readonly settled: (purpose: string) => Promise<void>
}

/** A line of the file: a transaction that is sent for a purpose, or that its fate is known. */
const line = z.strictObject({ about: wordSchema, purpose: z.string(), hash: wordSchema.nullable() })

type Line = z.infer<typeof line>

/**
 * Opens the journal of some terms. Several commands may use it at once: lines are only ever added to its file.
 *
 * @param io of this process
 * @param name of the file of the terms
 * @param about the id of the terms: others may have had the same name before
 * @throws CommandError exit code 1 when the file holds something else
 */
export async function openJournal(io: Io, name: string, about: Hex): Promise<Journal> {
  const path = resolve(io.directory, besideTerms(name, 'sent.jsonl'))
  const lines = (await load(path)).filter((each) => each.about === about)
  const sent = new Map(lines.map(({ purpose, hash }) => [purpose, hash]))
  const add = async (purpose: string, hash: Hex | null) => {
    sent.set(purpose, hash)
    await append(path, { about, purpose, hash })
  }
  return {
    pending: (purpose) => sent.get(purpose) ?? undefined,
    sending: add,
    settled: async (purpose) => {
      if (typeof sent.get(purpose) === 'string') await add(purpose, null)
    },
  }
}

/** On the disk when it resolves, in one piece, whoever else adds at the same time. */
async function append(path: string, added: Line): Promise<void> {
  const file = await open(path, 'a', 0o644)
  try {
    await file.write(`${JSON.stringify(added)}\n`)
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
      'Look with "show" whether the last one went through, then delete the file.',
      { cause },
    )
  }
}
