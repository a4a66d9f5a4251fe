import { z } from 'zod'
import type { Address, Hex } from '@sluice/sdk'
import { failure } from '../exit.js'
import type { Io } from '../io.js'
import { addressSchema, readTermsFile } from '../termsFile.js'
import { chainSecond, type OpenedTournament } from './open.js'

/** What "sluice tournament join --sign" prints. */
export type SignedJoin = {
  readonly player: Address
  /** As the contract takes it. */
  readonly payment: Hex
  /** The first second in which it counts no more. */
  readonly deadline: number
  /** How the token takes it. */
  readonly method: string
}

const schema: z.ZodType<SignedJoin> = z.strictObject({
  player: addressSchema,
  payment: z.templateLiteral(['0x', z.string().regex(/^([0-9a-fA-F]{2})+$/)]),
  deadline: z.number().int(),
  method: z.string(),
})

/**
 * Reads the stake that somebody signed.
 *
 * @param io of this process
 * @param name of the file
 * @throws CommandError exit code 1 when it holds something else
 */
export async function readSignedJoin(io: Io, name: string): Promise<SignedJoin> {
  const advice = 'It is what "sluice tournament join --sign" prints.'
  return await readTermsFile(io, name, schema, { noun: 'signed stake', advice })
}

/**
 * Checks that what was signed still counts.
 *
 * @param opened the tournament
 * @param signed by whoever pays
 * @throws CommandError exit code 1 with both seconds
 */
export async function requireInTime(opened: OpenedTournament, { deadline }: SignedJoin): Promise<void> {
  const now = await chainSecond(opened)
  if (now < deadline) return
  throw failure(
    `The signature counted until second ${deadline}, and it is ${now}.`,
    'Have it signed again with "sluice tournament join --sign".',
  )
}
