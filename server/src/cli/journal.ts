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

/**
 * A line of the file: a transaction that is sent for a purpose, or that its fate is known. A line without `about` is of a
 * version that knew no other terms than those of the file's name.
 */
const lineSchema = z.strictObject({
  about: wordSchema.optional(),
  purpose: z.string(),
  hash: wordSchema.nullable(),
})

type Line = z.infer<typeof lineSchema>

/** The first version kept tournaments' transactions in one object, in a file of its own, which is only read. */
const firstSchema = z.looseObject({ sent: z.record(z.string(), wordSchema) })

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
  const first = await load(resolve(io.directory, besideTerms(name, 'progress.json')), readFirst)
  const lines = await load(path, readLines)
  const own = [...first, ...lines].filter((each) => (each.about ?? about) === about)
  const sent = new Map(own.map(({ purpose, hash }) => [purpose, hash]))
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

function readLines(text: string): readonly Line[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => lineSchema.parse(JSON.parse(line)))
}

function readFirst(text: string): readonly Line[] {
  const { sent } = firstSchema.parse(JSON.parse(text))
  return Object.entries(sent).map(([purpose, hash]) => ({ purpose, hash }))
}

async function load(path: string, read: (text: string) => readonly Line[]): Promise<readonly Line[]> {
  if (!existsSync(path)) return []
  try {
    return read(await readFile(path, 'utf8'))
  } catch (cause) {
    throw failure(
      `${path} is damaged: it should tell which transactions were sent.`,
      'Look with "show" whether the last one went through, then delete the file.',
      { cause },
    )
  }
}
