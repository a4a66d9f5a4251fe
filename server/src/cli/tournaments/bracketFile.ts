import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import type { Address, Hex } from '@sluice/sdk'
import { createBracket, recordWinner, type Bracket, type Match } from '@sluice/sdk/tournament'
import { failure } from '../exit.js'
import { writeNewFile } from '../files.js'
import type { Io } from '../io.js'
import { besideTerms } from '../termsFile.js'

/** Which bracket is meant. */
export type BracketOptions = { readonly tournament: string; readonly bracket?: string }

/** Adds the option that names a bracket. */
export function withBracket(command: Command): Command {
  return command.option(
    '--bracket <file>',
    'the bracket (default: beside the tournament, such as cup.bracket.json)',
  )
}

/** A draw and what was played of it. */
export type BracketFile = {
  readonly tournamentId: Hex
  /** Players in the order of their seeding. */
  readonly seeds: readonly Address[]
  readonly bracket: Bracket
}

const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)])
const schema = z.strictObject({
  tournamentId: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
  /** In the order of their seeding. */
  seeds: z.array(address),
  /** By round and match; null while it is open. */
  winners: z.array(z.array(address.nullable())),
})

/**
 * Reads a bracket; undefined when there is none.
 *
 * @param io of this process
 * @param options which one
 * @param tournamentId whose it must be
 * @throws CommandError exit code 1 when it holds something else, or another tournament's
 */
export async function readBracketFile(
  io: Io,
  options: BracketOptions,
  tournamentId: Hex,
): Promise<BracketFile | undefined> {
  const path = pathOf(io, options)
  if (!existsSync(path)) return undefined
  const advice = 'Draw again with "sluice tournament draw --force", or name another file with --bracket.'
  let file
  try {
    file = schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw failure(`${path} holds no bracket.`, advice, { cause })
  }
  if (file.tournamentId !== tournamentId) {
    throw failure(`${path} is of tournament ${file.tournamentId}, not of ${tournamentId}.`, advice)
  }
  let bracket = createBracket(file.seeds)
  for (const [round, winners] of file.winners.entries()) {
    for (const [match, winner] of winners.entries()) {
      const known = bracket.rounds[round]?.[match]
      if (winner === null || known?.winner === winner) continue
      bracket = recordWinner(bracket, { round, match, winner })
    }
  }
  return { tournamentId, seeds: file.seeds, bracket }
}

/**
 * Writes a bracket.
 *
 * @param io of this process
 * @param options which one
 * @param file the bracket and whose it is
 * @param force replaces a file that is there
 * @returns where it is
 */
export async function writeBracketFile(
  io: Io,
  options: BracketOptions,
  { tournamentId, seeds, bracket }: BracketFile,
  force: boolean,
): Promise<string> {
  const path = pathOf(io, options)
  const winners = bracket.rounds.map((matches) => matches.map(({ winner }) => winner ?? null))
  const text = JSON.stringify({ tournamentId, seeds, winners }, undefined, 2)
  await writeNewFile(path, `${text}\n`, { mode: 0o644, force })
  return path
}

/** A match that can be played now. */
export type OpenMatch = { readonly round: number; readonly match: number; readonly sides: Match['sides'] }

/** The matches that can be played now. */
export function openMatches({ rounds }: Bracket): readonly OpenMatch[] {
  return rounds.flatMap((matches, round) =>
    matches.flatMap(({ sides, winner }, match) =>
      winner !== undefined || sides.includes(undefined) ? [] : [{ round, match, sides }],
    ),
  )
}

function pathOf(io: Io, { tournament, bracket }: BracketOptions): string {
  return resolve(io.directory, bracket ?? besideTerms(tournament, 'bracket.json'))
}
