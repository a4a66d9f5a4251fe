import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Address } from '@sluice/sdk'
import { defineTournament, type Tournament } from '@sluice/sdk/tournament'
import { failure } from '../exit.js'
import { writeNewFile } from '../files.js'
import type { Io } from '../io.js'
import { toJson } from '../output.js'

/** What a tournament's file is called when nobody says. */
export const defaultTournamentName = 'tournament.json'

/**
 * The name of a file that goes with a tournament's, such as `cup.bracket.json` with `cup.json`.
 *
 * @param name of the tournament's file
 * @param kind what the other file holds
 */
export function besideTournament(name: string, kind: 'bracket.json' | 'sent.jsonl' | 'cursor'): string {
  return `${name.replace(/\.json$/, '')}.${kind}`
}

/** A tournament and where it is, as its file holds them. Players and referee need no more than this file. */
export type TournamentFile = {
  readonly chainId: number
  /** Where `Tournaments` is, when it is not at its known address. */
  readonly contract?: Address | undefined
  readonly tournament: Tournament
}

const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)])
const word = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)])
const amount = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text))
const whole = z.number().int()
const schema = z.strictObject({
  chainId: whole.positive(),
  contract: address.optional(),
  tournament: z.strictObject({
    host: address,
    token: address,
    referee: address,
    stake: amount,
    bond: amount,
    challengeBond: amount,
    keeperReward: amount,
    minimumPlayers: whole,
    maximumPlayers: whole,
    joinDeadline: whole,
    resultDeadline: whole,
    challengeWindow: whole,
    rulingWindow: whole,
    rake: whole,
    rulesHash: word,
    salt: word,
    payouts: z.array(whole),
  }),
})

/**
 * Reads a tournament.
 *
 * @param io of this process
 * @param name of the file
 * @throws CommandError exit code 1 when there is none or it holds something else
 */
export async function readTournamentFile(io: Io, name: string): Promise<TournamentFile> {
  const path = resolve(io.directory, name)
  const advice = 'Write one with "sluice tournament init", or name another with --tournament.'
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(`There is no tournament at ${path}.`, advice, { cause })
  })
  try {
    const { tournament, ...place } = schema.parse(JSON.parse(text))
    return { ...place, tournament: defineTournament(tournament) }
  } catch (cause) {
    throw failure(`${path} holds no tournament.`, advice, { cause })
  }
}

/**
 * Writes a tournament.
 *
 * @param io of this process
 * @param name of the file
 * @param file the tournament and where it is
 * @param force replaces a file that is there
 * @returns where it is
 */
export async function writeTournamentFile(
  io: Io,
  name: string,
  file: TournamentFile,
  force: boolean,
): Promise<string> {
  const path = resolve(io.directory, name)
  await writeNewFile(path, `${toJson(file, 2)}\n`, { mode: 0o644, force })
  return path
}
