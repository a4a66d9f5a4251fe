import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@sluice/sdk/session'
import type { Hex } from '@sluice/sdk'
import { fromBase64Url } from './encoding.js'

/** The name of this payment method, and the intent of the scheme it is for. */
export const method = 'sluice'
export const intent = 'session'

/** A challenge as a client echoes it. */
export type ChallengeEcho = {
  readonly id: string
  readonly realm: string
  readonly method: string
  readonly intent: string
  /** base64url of canonical JSON, exactly as it was sent. */
  readonly request: string
  readonly expires?: string | undefined
  readonly digest?: string | undefined
  readonly opaque?: string | undefined
}

export type Challenge = {
  readonly id: string
  /** Value of `WWW-Authenticate`. */
  readonly header: string
}

export type ChallengeVerdict = 'good' | 'foreign' | 'expired'

export type Challenges = {
  /** A fresh challenge for what a route asks. */
  readonly issue: (realm: string, request: string, description: string | undefined) => Challenge
  /** Whether an echoed challenge is ours, for this request, and still good. Takes the same time for any id. */
  readonly check: (echo: ChallengeEcho, realm: string, request: string) => ChallengeVerdict
}

/**
 * Challenges that need no memory: their id is an HMAC over everything they say, so that only this server could have
 * made them. Layout of the HMAC's input: draft-httpauth-payment, "Challenge Binding".
 *
 * @param parameters
 * - `secret`: 32 bytes that only this server knows
 * - `lifetimeMs`: how long a challenge is good, milliseconds
 */
export function createChallenges(parameters: {
  readonly secret: Uint8Array
  readonly clock: Clock
  readonly lifetimeMs: number
}): Challenges {
  const { secret, clock, lifetimeMs } = parameters

  function idOf(of: Omit<ChallengeEcho, 'id'>): string {
    const slots = [of.realm, of.method, of.intent, of.request, of.expires, of.digest, of.opaque]
    return createHmac('sha256', secret)
      .update(slots.map((slot) => slot ?? '').join('|'))
      .digest('base64url')
  }

  return {
    issue: (realm, request, description) => {
      const expires = new Date(clock.now() + lifetimeMs).toISOString()
      const id = idOf({ realm, method, intent, request, expires })
      const parts = [
        `id="${id}"`,
        `realm=${quote(realm)}`,
        `method="${method}"`,
        `intent="${intent}"`,
        `request="${request}"`,
        `expires="${expires}"`,
        ...(description === undefined ? [] : [`description=${quote(description)}`]),
      ]
      return { id, header: `Payment ${parts.join(', ')}` }
    },
    check: (echo, realm, request) => {
      // A "|" would let one slot flow into the next.
      if ([echo.realm, echo.expires, echo.digest, echo.opaque].some((slot) => slot?.includes('|')))
        return 'foreign'
      const expected = Buffer.from(idOf(echo))
      const found = Buffer.from(echo.id)
      const isOurs = expected.length === found.length && timingSafeEqual(expected, found)
      const isForThis =
        echo.realm === realm && echo.method === method && echo.intent === intent && echo.request === request
      if (!isOurs || !isForThis || echo.expires === undefined) return 'foreign'
      return Date.parse(echo.expires) > clock.now() ? 'good' : 'expired'
    },
  }
}

/**
 * A challenge's id as the 32 bytes that a session proof signs.
 *
 * @param id of a challenge that was checked
 */
export function proofChallenge(id: string): Hex {
  return `0x${Buffer.from(fromBase64Url(id) ?? []).toString('hex')}`
}

function quote(text: string): string {
  // A header holds no line breaks and nothing beyond Latin-1; what is shown to people may lose such characters.
  const plain = text.replace(/[^\t\x20-\x7e]/g, '?')
  return `"${plain.replace(/["\\]/g, '\\$&')}"`
}
