import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Plan } from '@sluice/sdk/subscription'
import { failure } from '../exit.js'
import { writeNewFile } from '../files.js'
import type { Io } from '../io.js'

/** What a plan's file is called when nobody says. */
export const defaultPlanName = 'plan.json'

/** A plan and the chain it is for, as its file holds them. */
export type PlanFile = { readonly chainId: number; readonly plan: Plan }

const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)])
const amount = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text))
const schema = z.strictObject({
  chainId: z.number().int().positive(),
  plan: z.strictObject({
    merchant: address,
    token: address,
    price: amount,
    tip: amount,
    unit: z.enum(['second', 'month']),
    period: z.number().int(),
    trial: z.number().int(),
    grace: z.number().int(),
    salt: z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)]),
  }),
})

/**
 * Reads a plan.
 *
 * @param io of this process
 * @param name of the file
 * @throws CommandError exit code 1 when there is none or it holds something else
 */
export async function readPlanFile(io: Io, name: string): Promise<PlanFile> {
  const path = resolve(io.directory, name)
  const advice = 'Write one with "sluice plan init", or name another with --plan.'
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(`There is no plan at ${path}.`, advice, { cause })
  })
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw failure(`${path} holds no plan.`, advice, { cause })
  }
}

/**
 * Writes a plan.
 *
 * @param io of this process
 * @param name of the file
 * @param file the plan and its chain
 * @param force replaces a file that is there
 * @returns where it is
 */
export async function writePlanFile(io: Io, name: string, file: PlanFile, force: boolean): Promise<string> {
  const path = resolve(io.directory, name)
  const text = JSON.stringify(
    file,
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  )
  await writeNewFile(path, `${text}\n`, { mode: 0o644, force })
  return path
}
