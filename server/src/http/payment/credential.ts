import { z } from 'zod'
import { SluiceError, type Channel, type Hex } from '@sluice/sdk'
import { decodeMessage, type Message } from '@sluice/sdk/session'
import type { ChallengeEcho } from './challenge.js'
import { fromBase64Url } from './encoding.js'

/** What a client wants, with everything in it checked for its form. */
export type Payload =
  | {
      readonly action: 'open'
      readonly channel: Channel
      readonly voucher: CredentialVoucher
      readonly proof: Hex
    }
  | { readonly action: 'voucher'; readonly voucher: CredentialVoucher; readonly proof: Hex | undefined }
  | { readonly action: 'topUp'; readonly channelId: Hex; readonly proof: Hex }
  | {
      readonly action: 'close'
      readonly channelId: Hex
      readonly voucher: CredentialVoucher | undefined
      readonly proof: Hex
    }

/** `channelId` is empty in `open`, where the terms say it. */
export type CredentialVoucher = {
  readonly channelId: Hex
  readonly cumulative: bigint
  readonly signature: Hex
}

export type Credential = { readonly challenge: ChallengeEcho; readonly payload: Payload }

/** Longest credential, characters: room for the signature of an ERC-1271 wallet of many owners. */
const longest = 16_384

const challenge = z.object({
  id: z.string().max(64),
  realm: z.string().max(255),
  method: z.string().max(64),
  intent: z.string().max(64),
  request: z.string().max(8_192),
  expires: z.string().max(40).optional(),
  digest: z.string().max(128).optional(),
  opaque: z.string().max(1_024).optional(),
})

const lower = z.string().toLowerCase()
const terms = z.object({
  payer: lower,
  payee: lower,
  operator: lower,
  token: lower,
  signer: lower,
  grace: z.number(),
  rate: z.string(),
  burst: z.string(),
  salt: lower,
})

const payload = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('open'),
    channel: terms,
    cumulativeAmount: z.string(),
    signature: lower,
    proof: lower,
  }),
  z.object({
    action: z.literal('voucher'),
    channelId: lower,
    cumulativeAmount: z.string(),
    signature: lower,
    proof: lower.optional(),
  }),
  z.object({ action: z.literal('topUp'), channelId: lower, proof: lower }),
  z.object({
    action: z.literal('close'),
    channelId: lower,
    cumulativeAmount: z.string().optional(),
    signature: lower.optional(),
    proof: lower,
  }),
])

const credential = z.object({ challenge, payload })

/**
 * The `Payment` credential of an `Authorization` header, undecoded; undefined when there is none.
 *
 * @param header may hold several credentials, parted by commas
 */
export function paymentOf(header: string | undefined): string | undefined {
  const parts = header?.split(',').map((part) => part.trim()) ?? []
  const part = parts.find((each) => /^payment\s/i.test(each))
  return part?.slice('payment'.length).trim()
}

/**
 * Reads a credential. Amounts and hex are held to the same rules as in session messages.
 *
 * @param encoded base64url of JSON
 * @throws SluiceError `malformed-message` naming what does not fit
 */
export function decodeCredential(encoded: string): Credential {
  if (encoded.length > longest) {
    throw malformed(`a credential of ${encoded.length} characters, at most ${longest} accepted`)
  }
  const bytes = fromBase64Url(encoded)
  if (bytes === undefined) throw malformed('the credential is not base64url without padding')
  const read = credential.safeParse(parseJson(bytes))
  if (!read.success) {
    const [issue] = read.error.issues
    throw malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`)
  }
  return { challenge: read.data.challenge, payload: payloadOf(read.data.payload) }
}

function payloadOf(given: z.infer<typeof payload>): Payload {
  switch (given.action) {
    case 'open': {
      const { channel, signature: proof } = readAs('open', { channel: given.channel, signature: given.proof })
      const voucher = voucherOf(noChannel, given.cumulativeAmount, given.signature)
      return { action: 'open', channel, voucher, proof }
    }
    case 'voucher':
      return {
        action: 'voucher',
        voucher: voucherOf(given.channelId, given.cumulativeAmount, given.signature),
        proof: given.proof === undefined ? undefined : proofOf(given.channelId, given.proof).signature,
      }
    case 'topUp': {
      const { channelId, signature: proof } = proofOf(given.channelId, given.proof)
      return { action: 'topUp', channelId, proof }
    }
    case 'close': {
      const { channelId, signature: proof } = proofOf(given.channelId, given.proof)
      const { cumulativeAmount, signature } = given
      const bare = cumulativeAmount === undefined || signature === undefined
      return {
        action: 'close',
        channelId,
        voucher: bare ? undefined : voucherOf(channelId, cumulativeAmount, signature),
        proof,
      }
    }
  }
}

const noChannel: Hex = `0x${'00'.repeat(32)}`

function voucherOf(channelId: string, cumulative: string, signature: string): CredentialVoucher {
  return readAs('voucher', { channelId, cumulative, signature })
}

function proofOf(channelId: string, signature: string) {
  return readAs('resume', { channelId, signature })
}

/** Holds fields to the rules of a session message that has the same ones. */
function readAs<Type extends 'open' | 'voucher' | 'resume'>(
  type: Type,
  fields: object,
): Extract<Message, { type: Type }> {
  return decodeMessage(JSON.stringify({ v: 1, type, ...fields })) as Extract<Message, { type: Type }>
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw malformed('the credential is not JSON')
  }
}

function malformed(details: string): SluiceError {
  return new SluiceError({
    code: 'malformed-message',
    message: 'The payment cannot be read.',
    details,
    action: 'resync',
  })
}
