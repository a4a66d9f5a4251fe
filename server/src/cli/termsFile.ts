import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { toHex } from 'viem'
import { z } from 'zod'
import type { Hex } from '@sluice/sdk'
import { failure } from './exit.js'
import { alreadyThere, writeNewFile } from './files.js'
import type { Io } from './io.js'

/** An address, as terms in a file have it. */
export const addressSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)])

/** 32 bytes. */
export const wordSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)])

/** Base units: text in the file, because JSON has no large numbers. */
export const amountSchema = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text))

/**
 * The name of a file that goes with that of some terms, such as `cup.bracket.json` with `cup.json`.
 *
 * @param name of the file of the terms
 * @param kind what the other file holds
 */
export function besideTerms(
  name: string,
  kind: 'bracket.json' | 'sent.jsonl' | 'progress.json' | 'cursor',
): string {
  return `${name.replace(/\.json$/, '')}.${kind}`
}

/** 32 random bytes, by which terms that are alike are told apart. */
export function newSalt(): Hex {
  return toHex(new Uint8Array(randomBytes(32)))
}

/**
 * Refuses a name that is taken, before anybody is asked for what the file would hold.
 *
 * @param io of this process
 * @param name of the file
 * @param force replaces a file that is there
 * @throws CommandError exit code 3 when it is there already
 */
export function refuseTaken(io: Io, name: string, force: boolean): void {
  const path = resolve(io.directory, name)
  if (!force && existsSync(path)) throw alreadyThere(path)
}

/** What terms are called, and how to get some. */
export type TermsKind = { readonly noun: string; readonly advice: string }

/**
 * Reads terms from a file.
 *
 * @param io of this process
 * @param name of the file
 * @param schema what it must hold
 * @param kind what it is called
 * @throws CommandError exit code 1 when there is none or it holds something else
 */
export async function readTermsFile<Terms>(
  io: Io,
  name: string,
  schema: z.ZodType<Terms>,
  { noun, advice }: TermsKind,
): Promise<Terms> {
  const path = resolve(io.directory, name)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(`There is no ${noun} at ${path}.`, advice, { cause })
  })
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw failure(`${path} holds no ${noun}.`, advice, { cause })
  }
}

/**
 * Writes terms to a file.
 *
 * @param io of this process
 * @param name of the file
 * @param terms what it holds
 * @param force replaces a file that is there
 * @returns where it is
 */
export async function writeTermsFile(io: Io, name: string, terms: unknown, force: boolean): Promise<string> {
  const path = resolve(io.directory, name)
  const text = JSON.stringify(
    terms,
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  )
  await writeNewFile(path, `${text}\n`, { mode: 0o644, force })
  return path
}
