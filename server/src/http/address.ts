import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'

/**
 * Where a request comes from, for limits.
 *
 * @param request as Node has it; undefined when there is no connection, as in a test of routes alone
 * @param trustProxy whether the last entry of `X-Forwarded-For`, written by one's own proxy, is believed
 */
export function clientAddress(request: IncomingMessage | undefined, trustProxy: boolean): string {
  if (request === undefined) return 'unknown'
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim()
  return last === undefined || last === '' ? (request.socket.remoteAddress ?? 'unknown') : last
}

/** Where Node's request is when hono runs on `@hono/node-server`; undefined elsewhere. */
export function incomingOf(c: Context): IncomingMessage | undefined {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: IncomingMessage }
  return incoming
}
