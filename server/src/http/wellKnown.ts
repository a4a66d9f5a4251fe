import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { encodeMessage, type StandingOffer } from '@sluice/sdk/session'

/** Where a payee's offer is, below its origin. */
export const offerPath = '/.well-known/sluice'

const noChallenge = `0x${'00'.repeat(32)}` as const

/**
 * The offer as a document: one `offer` frame with a zero challenge, plus where sessions are held.
 *
 * @param offer what is sold
 * @param sessionPath path of WebSocket sessions at the same origin
 */
export function offerDocument(offer: StandingOffer, sessionPath: string): string {
  const frame = JSON.parse(encodeMessage({ type: 'offer', ...offer, challenge: noChallenge })) as object
  const links = { openapi: '/openapi.json', health: '/healthz' }
  return JSON.stringify({ ...frame, session: sessionPath, links })
}

/**
 * Answers the offer in front of whatever else a server does, so that attaching sessions is all a payee needs.
 *
 * @param document what is answered at the time
 * @returns a function that takes it away again
 */
export function serveOffer(server: Server, document: () => string): () => void {
  const behind = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[]
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if ((request.url ?? '').split('?', 1)[0] === offerPath) answer(request, response, document())
    else for (const each of behind) each.call(server, request, response)
  }
  server.removeAllListeners('request')
  server.on('request', listener)
  return () => {
    server.off('request', listener)
    for (const each of behind) server.on('request', each)
  }
}

function answer(request: IncomingMessage, response: ServerResponse, document: string): void {
  const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'GET, HEAD' }
  if (request.method === 'OPTIONS') response.writeHead(204, cors).end()
  else if (request.method === 'GET' || request.method === 'HEAD') {
    const headers = {
      ...cors,
      'Content-Type': 'application/json; charset=UTF-8',
      'Cache-Control': 'max-age=10',
      'Content-Length': Buffer.byteLength(document),
    }
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : document)
  } else response.writeHead(405, { ...cors, Allow: 'GET, HEAD, OPTIONS' }).end()
}
