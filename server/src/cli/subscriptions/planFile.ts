import { z } from 'zod'
import type { Plan } from '@sluice/sdk/subscription'
import type { Io } from '../io.js'
import { addressSchema, amountSchema, readTermsFile, wordSchema, writeTermsFile } from '../termsFile.js'

/** What a plan's file is called when nobody says. */
export const defaultPlanName = 'plan.json'

/** A plan and the chain it is for, as its file holds them. */
export type PlanFile = { readonly chainId: number; readonly plan: Plan }

const schema: z.ZodType<PlanFile> = z.strictObject({
  chainId: z.number().int().positive(),
  plan: z.strictObject({
    merchant: addressSchema,
    token: addressSchema,
    price: amountSchema,
    tip: amountSchema,
    unit: z.enum(['second', 'month']),
    period: z.number().int(),
    trial: z.number().int(),
    grace: z.number().int(),
    salt: wordSchema,
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
  const advice = 'Write one with "sluice plan init", or name another with --plan.'
  return await readTermsFile(io, name, schema, { noun: 'plan', advice })
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
  return await writeTermsFile(io, name, file, force)
}
