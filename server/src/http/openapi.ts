import type { StandingOffer } from '@sluice/sdk/session'
import { intent, method } from './payment/challenge.js'

const problem = {
  description: 'A problem, RFC 9457',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
} as const

const json = (description: string, schema: object) => ({
  description,
  content: { 'application/json': { schema } },
})

/** Routes that something mounted beside a payee answers. */
export type ApiPart = {
  readonly paths: Readonly<Record<string, object>>
  readonly schemas?: Readonly<Record<string, object>>
  readonly securitySchemes?: Readonly<Record<string, object>>
}

/**
 * The OpenAPI document of a payee's own routes, with the parts that priced routes use. Priced routes are the
 * application's; it describes them itself with {@link paidOperation}.
 *
 * @param offer what is sold
 * @param sessionPath path of WebSocket sessions
 * @param parts what is mounted besides
 */
export function openApiDocument(
  offer: StandingOffer,
  sessionPath: string,
  parts: readonly ApiPart[] = [],
): object {
  return {
    openapi: '3.1.0',
    info: {
      title: offer.title === '' ? 'A Sluice payee' : offer.title,
      version: '1',
      description: `WebSocket sessions are at ${sessionPath}; their messages are in docs/protocol.md.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      '/.well-known/sluice': {
        get: {
          operationId: 'getOffer',
          summary: 'What is sold, and where sessions are held',
          responses: { 200: json('The offer', { $ref: '#/components/schemas/Offer' }) },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'getOpenApi',
          summary: 'This document',
          responses: { 200: json('OpenAPI 3.1', { type: 'object' }) },
        },
      },
      '/healthz': {
        get: {
          operationId: 'getHealth',
          summary: 'Whether store, chain and watcher work',
          responses: {
            200: json('Everything works', { $ref: '#/components/schemas/Health' }),
            503: json('Something does not', { $ref: '#/components/schemas/Health' }),
          },
        },
      },
      '/metrics': {
        get: {
          operationId: 'getMetrics',
          summary: 'Numbers for Prometheus',
          responses: { 200: { description: 'Prometheus text format', content: { 'text/plain': {} } } },
        },
      },
      [sessionPath]: {
        get: {
          operationId: 'openSession',
          summary: 'WebSocket sessions: the offer comes first',
          responses: {
            101: { description: 'Switching to WebSocket' },
            403: { ...problem, description: 'This origin may not connect' },
            429: { ...problem, description: 'Too many connections' },
            503: { ...problem, description: 'No room, or stopping' },
          },
        },
      },
      ...merged(parts, 'paths'),
    },
    components: {
      schemas: { ...schemas, ...merged(parts, 'schemas') },
      securitySchemes: { ...securitySchemes, ...merged(parts, 'securitySchemes') },
    },
  }
}

function merged(parts: readonly ApiPart[], of: keyof ApiPart): Readonly<Record<string, object>> {
  return Object.assign({}, ...parts.map((part) => part[of] ?? {})) as Readonly<Record<string, object>>
}

/**
 * What an application adds to the description of a priced operation, so that agents find its price. Source: draft
 * "Payment discovery".
 *
 * @param offer the payee's
 * @param amount base units for one unit
 * @param description such as `per request`
 */
export function paidOperation(offer: StandingOffer, amount: bigint, description: string): object {
  return {
    security: [{ payment: [] }],
    'x-payment-info': {
      offers: [{ intent, method, amount: amount.toString(), currency: offer.token, description }],
    },
    responses: {
      402: {
        ...problem,
        description: 'Payment required, or the payment was refused; always with a fresh challenge',
        headers: { 'WWW-Authenticate': { schema: { type: 'string' } } },
      },
      409: { ...problem, description: 'The first request with this Idempotency-Key is not answered yet' },
      410: { ...problem, description: 'The channel is unknown or has ended' },
      422: { ...problem, description: 'This Idempotency-Key was used for another request' },
      429: { ...problem, description: 'Too many requests' },
    },
  }
}

const text = { type: 'string' } as const
const amount = { type: 'string', pattern: '^(0|[1-9][0-9]*)$', description: 'base units' } as const
const address = { type: 'string', pattern: '^0x[0-9a-f]{40}$' } as const
const part = {
  type: 'object',
  required: ['ok'],
  properties: { ok: { type: 'boolean' }, problem: text },
} as const

const schemas = {
  Offer: {
    type: 'object',
    required: [
      'v',
      'type',
      'chainId',
      'contract',
      'token',
      'payee',
      'operator',
      'price',
      'unit',
      'per',
      'session',
    ],
    properties: {
      v: { const: 1 },
      type: { const: 'offer' },
      chainId: { type: 'integer' },
      contract: address,
      token: { ...address, description: 'zero: the native coin' },
      symbol: text,
      decimals: { type: 'integer' },
      payee: address,
      operator: { ...address, description: 'zero: the payee itself' },
      price: amount,
      unit: { enum: ['second', 'byte', 'request'] },
      per: amount,
      window: amount,
      credit: amount,
      minDelta: amount,
      suggestedDeposit: amount,
      grace: { type: 'integer', description: 'seconds' },
      confirmations: { type: 'integer' },
      title: text,
      challenge: text,
      session: { ...text, description: 'where WebSocket sessions are, relative to this document' },
      links: { type: 'object', additionalProperties: text },
    },
  },
  Health: {
    type: 'object',
    required: ['ok', 'store', 'rpc', 'watcher', 'settlement'],
    properties: { ok: { type: 'boolean' }, store: part, rpc: part, watcher: part, settlement: part },
  },
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'message', 'action', 'retryable'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      code: text,
      message: { ...text, description: 'for the person' },
      details: { ...text, description: 'for the developer' },
      action: text,
      retryable: { type: 'boolean' },
      challengeId: text,
    },
  },
} as const

const securitySchemes = {
  payment: { type: 'http', scheme: 'Payment', description: 'HTTP authentication scheme "Payment"' },
} as const
