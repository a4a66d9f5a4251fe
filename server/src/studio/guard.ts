import type { Context } from 'hono'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { clientAddress, incomingOf } from '../http/address.js'
import type { Credential, Credentials } from './credentials.js'
import { notSignedIn, tooMany } from './refusals.js'

/** Sign-ins of one address that may be tried in a minute. */
const signInsPerMinute = 20
/** Wrong bearers of one address in a minute, before it is not even looked at. */
const guessesPerMinute = 30
/** Requests of one bearer in ten seconds. */
const requestsPerTenSeconds = 100

/** Who is let in, and how often. */
export type Guard = {
  /** @throws Refused when an address tries to sign in too often */
  readonly signingIn: (c: Context) => Promise<void>
  /** @throws Refused when the bearer is none of these, or asks too often */
  readonly bearer: (c: Context, credentials: Credentials) => Promise<Credential>
}

/** @param trustProxy whether the last entry of `X-Forwarded-For` is believed */
export function createGuard(trustProxy: boolean): Guard {
  const signIns = new RateLimiterMemory({ points: signInsPerMinute, duration: 60 })
  const guesses = new RateLimiterMemory({ points: guessesPerMinute, duration: 60 })
  const requests = new RateLimiterMemory({ points: requestsPerTenSeconds, duration: 10 })
  const from = (c: Context): string => clientAddress(incomingOf(c), trustProxy)

  return {
    signingIn: (c) => consume(signIns, from(c), `at most ${signInsPerMinute} sign-ins a minute`),
    async bearer(c, credentials) {
      const given = /^Bearer ([\w-]{1,100})$/.exec(c.req.header('Authorization') ?? '')?.[1]
      const credential = given === undefined ? undefined : credentials.check(given)
      if (credential === undefined) {
        await consume(guesses, from(c), `at most ${guessesPerMinute} wrong secrets a minute`)
        throw notSignedIn(
          given === undefined ? 'no bearer token' : 'the bearer token is not, or no longer, good',
        )
      }
      await consume(requests, credential.id, `at most ${requestsPerTenSeconds} requests in ten seconds`)
      return credential
    },
  }
}

async function consume(limiter: RateLimiterMemory, key: string, limit: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch {
    throw tooMany(limit)
  }
}
