import { z } from 'zod'
import type { Order } from '@sluice/sdk/escrow'
import type { Io } from '../io.js'
import { addressSchema, amountSchema, readTermsFile, wordSchema, writeTermsFile } from '../termsFile.js'

/** What an order's file is called when nobody says. */
export const defaultOrderName = 'order.json'

/** An order and the chain it is for, as its file holds them. */
export type OrderFile = { readonly chainId: number; readonly order: Order }

const whole = z.number().int().nonnegative()

const schema: z.ZodType<OrderFile> = z.strictObject({
  chainId: whole.positive(),
  order: z.strictObject({
    payer: addressSchema,
    receiver: addressSchema,
    operator: addressSchema,
    arbiter: addressSchema,
    token: addressSchema,
    feeRecipient: addressSchema,
    maxAmount: amountSchema,
    minFeeBps: whole,
    maxFeeBps: whole,
    captureDeadline: whole,
    refundDeadline: whole,
    disputeWindow: whole,
    rulingWindow: whole,
    defaultShareBps: whole,
    milestones: wordSchema,
    metadata: wordSchema,
    salt: wordSchema,
  }),
})

/**
 * Reads an order.
 *
 * @param io of this process
 * @param name of the file
 * @throws CommandError exit code 1 when there is none or it holds something else
 */
export async function readOrderFile(io: Io, name: string): Promise<OrderFile> {
  const advice = 'Write one with "sluice escrow init", or name another with --order.'
  return await readTermsFile(io, name, schema, { noun: 'order', advice })
}

/**
 * Writes an order.
 *
 * @param io of this process
 * @param name of the file
 * @param file the order and its chain
 * @param force replaces a file that is there
 * @returns where it is
 */
export async function writeOrderFile(io: Io, name: string, file: OrderFile, force: boolean): Promise<string> {
  return await writeTermsFile(io, name, file, force)
}
