import type { Hex } from '@sluice/sdk'
import { z } from 'zod'

/** What an operator asks for. */
export type SettleRequest = { readonly kind: 'claim' | 'close'; readonly channelIds: readonly Hex[] }

const hex = z
  .string()
  .regex(/^0x[0-9a-f]*$/i)
  .transform((text) => text as Hex)

export const settleRequestSchema = z.strictObject({
  kind: z.enum(['claim', 'close']),
  channelIds: z.array(hex).max(100_000),
})

const channels = z.array(z.object({ channelId: hex, amount: z.string() }))

/** What comes of it, as it happens. Amounts are base units, fees wei; both as decimal text, for they travel as JSON. */
export const settleEventSchema = z.discriminatedUnion('type', [
  /** Stored and handed to the network. */
  z.object({
    type: z.literal('submitted'),
    id: z.number(),
    kind: z.enum(['claim', 'close']),
    hash: hex,
    channels,
  }),
  /** By which voucher a channel is claimed, in one of the transactions that were submitted. */
  z.object({
    type: z.literal('claimed'),
    channelId: hex,
    /** The payee's new total. */
    amount: z.string(),
    /** `earned`: it grants no more than was spent. `accepted`: it is the highest held, and grants more. */
    voucher: z.enum(['earned', 'accepted']),
  }),
  /** Nothing was sent for this channel. */
  z.object({ type: z.literal('skipped'), channelId: hex, reason: z.string() }),
  /** The chain or the rules refuse this channel. */
  z.object({ type: z.literal('refused'), channelId: hex, reason: z.string() }),
  /** Nothing will change about a transaction any more. */
  z.object({
    type: z.literal('final'),
    id: z.number(),
    status: z.enum(['confirmed', 'reverted', 'lost']),
    hash: hex,
    blockNumber: z.string().optional(),
    fee: z.string().optional(),
    channels,
  }),
  /** It had to stop, or could not go on with these channels; what was sent stays sent. */
  z.object({
    type: z.literal('error'),
    code: z.string(),
    message: z.string(),
    /** Empty: all that nothing else is said about. */
    channelIds: z.array(hex),
  }),
])

export type SettleEvent = z.output<typeof settleEventSchema>

/** Settles, and tells what comes of it. */
export type Settle = (request: SettleRequest) => AsyncIterable<SettleEvent>
