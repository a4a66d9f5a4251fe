import { z } from 'zod'
import type { Address } from '@sluice/sdk'
import { defineTournament, type Tournament } from '@sluice/sdk/tournament'
import type { Io } from '../io.js'
import { addressSchema, amountSchema, readTermsFile, wordSchema, writeTermsFile } from '../termsFile.js'

/** What a tournament's file is called when nobody says. */
export const defaultTournamentName = 'tournament.json'

/** A tournament and where it is, as its file holds them. Players and referee need no more than this file. */
export type TournamentFile = {
  readonly chainId: number
  /** Where `Tournaments` is, when it is not at its known address. */
  readonly contract?: Address | undefined
  readonly tournament: Tournament
}

const whole = z.number().int()

const fields = z.strictObject({
  chainId: whole.positive(),
  contract: addressSchema.optional(),
  tournament: z.strictObject({
    host: addressSchema,
    token: addressSchema,
    referee: addressSchema,
    stake: amountSchema,
    bond: amountSchema,
    challengeBond: amountSchema,
    keeperReward: amountSchema,
    minimumPlayers: whole,
    maximumPlayers: whole,
    joinDeadline: whole,
    resultDeadline: whole,
    challengeWindow: whole,
    rulingWindow: whole,
    rake: whole,
    rulesHash: wordSchema,
    salt: wordSchema,
    payouts: z.array(whole),
  }),
})

const schema: z.ZodType<TournamentFile> = fields.transform(({ tournament, ...place }) => ({
  ...place,
  tournament: defineTournament(tournament),
}))

/**
 * Reads a tournament.
 *
 * @param io of this process
 * @param name of the file
 * @throws CommandError exit code 1 when there is none or it holds something else
 */
export async function readTournamentFile(io: Io, name: string): Promise<TournamentFile> {
  const advice = 'Write one with "sluice tournament init", or name another with --tournament.'
  return await readTermsFile(io, name, schema, { noun: 'tournament', advice })
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
  return await writeTermsFile(io, name, file, force)
}
