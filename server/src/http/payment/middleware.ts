import { bodyLimit } from 'hono/body-limit'
import type { Context, MiddlewareHandler } from 'hono'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { SluiceError } from '@sluice/sdk'
import { parsePrice, type Price, type StandingOffer } from '@sluice/sdk/session'
import { clientAddress, incomingOf } from '../address.js'
import { problemOf, problemResponse } from '../problem.js'
import type { Authorized } from './authorize.js'
import { decodeCredential, paymentOf } from './credential.js'
import { paymentRequired, PaymentRefused, refusalOf } from './problems.js'
import { encodeReceipt, receiptOf } from './receipt.js'
import { paymentRequest, priceText } from './request.js'
import { defaultMeter } from './meter.js'
import type { PaymentParameters, PriceOptions, Sale } from './sale.js'
import { sellMetered } from './sellMetered.js'
import { sellRequest } from './sellRequest.js'

/**
 * Makes middleware that sells what the routes behind it answer. A route that names no price of its own asks what the offer
 * says at the time.
 */
export function createPaymentMiddleware(
  parameters: Omit<PaymentParameters, 'offer'> & { readonly offer: () => StandingOffer },
): (options?: PriceOptions) => MiddlewareHandler {
  const { limits } = parameters
  const perAddress = new RateLimiterMemory({ points: limits.requestsPerSecond, duration: 1 })
  return (options = {}) => {
    const routeOf = (offer: StandingOffer) => createRoute({ ...parameters, offer }, options, perAddress)
    let offered = parameters.offer()
    let route = routeOf(offered)
    return (c, next) => {
      const offer = parameters.offer()
      if (offer !== offered) route = routeOf(offer)
      offered = offer
      return route(c, next)
    }
  }
}

/** Sells what one route answers, for as long as the offer stands. */
function createRoute(
  parameters: PaymentParameters,
  options: PriceOptions,
  perAddress: RateLimiterMemory,
): MiddlewareHandler {
  const { challenges, limits } = parameters
  const price = priceOf(parameters.offer, options)
  const sale: Sale = {
    ...parameters,
    price,
    meter: options.meter ?? defaultMeter(price),
    countsUnits: samePrice(price, parameters.offer),
  }
  const request = paymentRequest(parameters.offer, price)
  const description = options.description ?? parameters.offer.title
  const limitBody = bodyLimit({
    maxSize: limits.bodyBytes,
    onError: () => {
      throw bodyTooLarge(limits.bodyBytes)
    },
  })

  function refuse(error: unknown, realm: string): Response {
    if (!(error instanceof PaymentRefused)) {
      const problem = problemOf(error)
      parameters.onRefused(problem.code)
      if (problem.status === 500) parameters.logger.error({ err: error }, 'a paid request failed')
      return problemResponse(problem)
    }
    const { problem } = error
    parameters.onRefused(problem.code)
    if (problem.status !== 402) return problemResponse(problem, retryAfter(problem.status))
    const challenge = challenges.issue(realm, request, description === '' ? undefined : description)
    return problemResponse(
      { ...problem, extra: { ...problem.extra, challengeId: challenge.id } },
      { 'WWW-Authenticate': challenge.header },
    )
  }

  async function authorized(c: Context, realm: string): Promise<Authorized> {
    const encoded = paymentOf(c.req.header('authorization'))
    if (encoded === undefined) throw paymentRequired(priceText(parameters.offer, price))
    await consume(perAddress, clientAddress(incomingOf(c), parameters.trustProxy))
    try {
      return await parameters.authorize(decodeCredential(encoded), realm, request)
    } catch (error) {
      if (error instanceof SluiceError) throw refusalOf(error.code, error.details ?? error.message)
      throw error
    }
  }

  /** Serves what the credential asks for. The channel is let go when the answer is over. */
  async function serve(c: Context, next: () => Promise<void>, granted: Authorized): Promise<Response> {
    if (granted.action === 'close') return closed(sale, granted)
    if (granted.action === 'topUp' || isVoucherOnly(c, price)) return noted(sale, granted)
    if (price.unit === 'request') return sellRequest(sale, c, next, granted)
    return sellMetered(sale, c, next, granted)
  }

  async function respond(c: Context, next: () => Promise<void>, realm: string): Promise<Response> {
    const granted = await authorized(c, realm)
    try {
      return await serve(c, next, granted)
    } finally {
      granted.release()
    }
  }

  const pay: MiddlewareHandler = async (c, next) => {
    const realm = parameters.realm ?? new URL(c.req.url).host
    let response: Response | undefined
    try {
      await limitBody(c, async () => {
        response = await respond(c, next, realm)
      })
    } catch (error) {
      response = refuse(tooLong(error) ? bodyTooLarge(limits.bodyBytes) : error, realm)
    }
    parameters.onAnswer(response?.status ?? 500)
    // Without this hono would add the old answer's headers to the new one's.
    c.res = undefined
    c.res = response
  }
  return pay
}

/** Ends the channel at what was spent, and says what both need to bring it to the chain. */
async function closed(sale: Sale, granted: Authorized): Promise<Response> {
  const record = await granted.channel.end()
  const { consent, channelId } = record
  if (consent === undefined) throw refusalOf('close-pending', `channel ${channelId} cannot be closed now`)
  const hash = await sale.closeOnChain(channelId)
  const about = { challengeId: granted.challengeId, chainId: sale.offer.chainId, nowMs: sale.clock.now() }
  const receipt = {
    ...receiptOf(record, about),
    closeSignature: consent.payeeSignature,
    final: true as const,
    ...(hash === undefined ? {} : { settlementRef: hash, txHash: hash }),
  }
  const body = {
    channelId,
    capturedAmount: consent.capturedAmount.toString(),
    payeeSignature: consent.payeeSignature,
    ...(hash === undefined ? {} : { transaction: hash }),
  }
  return Response.json(body, {
    headers: { 'Payment-Receipt': encodeReceipt(receipt), 'Cache-Control': 'private' },
  })
}

/** A voucher or a deposit was noted; nothing is delivered. */
function noted(sale: Sale, granted: Authorized): Response {
  const about = { challengeId: granted.challengeId, chainId: sale.offer.chainId, nowMs: sale.clock.now() }
  const receipt = receiptOf(granted.channel.record(), about)
  return new Response(null, {
    status: 204,
    headers: { 'Payment-Receipt': encodeReceipt(receipt), 'Cache-Control': 'private' },
  })
}

/** `HEAD`, and a `POST` without a body to a metered route, bring a voucher and want nothing. */
function isVoucherOnly(c: Context, price: Price): boolean {
  if (c.req.method === 'HEAD') return true
  if (c.req.method !== 'POST' || price.unit === 'request') return false
  const length = c.req.header('content-length')
  return (length === undefined || length === '0') && c.req.header('transfer-encoding') === undefined
}

async function consume(limiter: RateLimiterMemory, address: string): Promise<void> {
  try {
    await limiter.consume(address)
  } catch {
    throw refusalOf('rate-limited', `too many payments from ${address}`)
  }
}

function retryAfter(status: number): Record<string, string> {
  return status === 429 || status === 503 ? { 'Retry-After': '1' } : {}
}

/** The price of a route. */
function priceOf(offer: StandingOffer, options: PriceOptions): Price {
  const { price = { amount: offer.price, unit: offer.unit, per: offer.per }, unit } = options
  const read = typeof price === 'string' ? parsePrice(price, offer.decimals) : price
  if (unit !== undefined && unit !== read.unit) {
    throw invalidPrice(`the route is sold by the ${unit}, its price is by the ${read.unit}`)
  }
  if (read.amount <= 0n || read.per <= 0n) throw invalidPrice(`${read.amount} base units for ${read.per}`)
  return read
}

function invalidPrice(details: string): SluiceError {
  return new SluiceError({ code: 'invalid-argument', message: 'This price cannot be asked.', details })
}

function samePrice(price: Price, offer: StandingOffer): boolean {
  return price.amount === offer.price && price.unit === offer.unit && price.per === offer.per
}

function bodyTooLarge(limit: number): SluiceError {
  return new SluiceError({
    code: 'message-too-large',
    message: 'The request is too large.',
    details: `at most ${limit} bytes`,
  })
}

/** What hono throws into whoever reads a body that has no length of its own and is too long. */
function tooLong(error: unknown): boolean {
  return error instanceof Error && error.name === 'BodyLimitError'
}
