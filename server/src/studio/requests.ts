import type { Context } from 'hono'
import { z } from 'zod'
import type { Address, Hex } from '@sluice/sdk'
import { badRequest, tooLarge } from './refusals.js'

/** Longest body of a request, bytes. */
const longestBody = 16_384

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'expected 0x and 40 hexadecimal digits')
  .transform((text) => text.toLowerCase() as Address)

/** Base units as decimal digits. */
export const amountText = z
  .string()
  .regex(/^[0-9]{1,29}$/, 'expected decimal digits')
  .transform((text) => BigInt(text))

const line = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .regex(/^[^\p{Cc}]*$/u, 'expected no control characters')

/** What a stream is called and costs. */
export const streamChanges = z.strictObject({
  title: line(200).exactOptional(),
  /** In whole tokens, such as `0.002/s`. */
  price: z
    .string()
    .regex(/^\d{1,15}(\.\d{1,18})?\/[a-z]{1,7}$/, 'expected such as 0.002/s')
    .exactOptional(),
  token: address.exactOptional(),
})
export type StreamChanges = z.infer<typeof streamChanges>

export const challengeRequest = z.strictObject({ address })
export const sessionRequest = z.strictObject({
  message: z.string().max(2_000),
  signature: z
    .string()
    .max(8_192)
    .regex(/^0x([0-9a-fA-F]{2})+$/, 'expected 0x and whole bytes')
    .transform((text) => text as Hex),
})
export const tipRequest = z.strictObject({ key: z.string().regex(/^[0-9a-f]{64}-[0-9a-f]{0,512}$/) })
export const overlayRequest = z.strictObject({ label: line(60) })
export const goalRequest = z.strictObject({
  title: line(80),
  target: amountText.refine((target) => target > 0n, 'expected more than zero'),
})

/** Steps and lengths of the income's chart. */
export const spans = {
  hour: { lengthMs: 3_600_000, stepMs: 60_000 },
  day: { lengthMs: 86_400_000, stepMs: 900_000 },
  month: { lengthMs: 30 * 86_400_000, stepMs: 86_400_000 },
} as const
export const spanQuery = z.enum(['hour', 'day', 'month'])

/**
 * A request's body, checked.
 *
 * @throws Refused naming what was found where and what was expected
 */
export async function bodyOf<Shape extends z.ZodType>(c: Context, shape: Shape): Promise<z.output<Shape>> {
  const text = await textOf(c)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw badRequest('This request cannot be read.', `the body is not JSON: ${text.slice(0, 60)}`)
  }
  return checked(json, shape)
}

async function textOf(c: Context): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of c.req.raw.body ?? []) {
    pieces.push(piece)
    length += piece.length
    if (length > longestBody) throw tooLarge(`more than ${longestBody} bytes`)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** @throws Refused naming what was found where and what was expected */
export function checked<Shape extends z.ZodType>(value: unknown, shape: Shape): z.output<Shape> {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.join('.')
  throw badRequest('This request cannot be.', `${where}: ${issue?.message ?? 'not as expected'}`)
}
