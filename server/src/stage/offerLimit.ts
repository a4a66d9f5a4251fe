import type { Context } from 'hono'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { SluiceError } from '@sluice/sdk'
import { clientAddress, incomingOf } from '../http/address.js'
import { problemOf, problemResponse } from '../http/problem.js'
import { secondsUntil } from '../http/retryAfter.js'

/** Whom the stage makes connections for, and how often. */
export type OfferLimit = {
  /** Offers of one address in a minute. */
  readonly perMinute: number
  /** Whether the last entry of `X-Forwarded-For` is believed. */
  readonly trustProxy: boolean
}

/**
 * Counts the offers of viewers by their addresses: each makes a connection that stands for a while before anybody pays.
 *
 * @param limit how many
 * @returns counts a request; the refusal when there were too many
 */
export function createOfferLimit(limit: OfferLimit): (c: Context) => Promise<Response | undefined> {
  const { perMinute, trustProxy } = limit
  const perAddress = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return async (c) => {
    const address = clientAddress(incomingOf(c), trustProxy)
    try {
      await perAddress.consume(address)
      return undefined
    } catch (refused) {
      const problem = problemOf(
        new SluiceError({
          code: 'rate-limited',
          message: 'The stream was asked for too often. Try again in a minute.',
          details: `more than ${perMinute} offers a minute from ${address}`,
          action: 'wait',
          retryable: true,
        }),
      )
      return problemResponse(problem, { 'Retry-After': String(secondsUntil(refused)) })
    }
  }
}
