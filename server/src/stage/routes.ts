import { timingSafeEqual, createHash } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'
import { SluiceError } from '@sluice/sdk'
import { problemOf, problemResponse } from '../http/problem.js'
import { createOfferLimit, type OfferLimit } from './offerLimit.js'
import type { Stage } from './stage.js'

/** Longest offer, bytes: browsers' are below 10 kB. */
const longestOffer = 65_536
/** When to come back to a stream that has not begun, which it may do at any time, and to one that is full. */
const retrySeconds = { offline: 1, full: 5 } as const

export type StageRoutesParameters = {
  readonly stage: Stage
  /** What a publisher must know at the time. */
  readonly streamKey: () => string
  readonly offerLimit: OfferLimit
}

/**
 * WHIP, WHEP and the stage's status: `/stage/whip`, `/stage/whep`, `/stage/status`.
 *
 * @param parameters the stage and its key
 */
export function createStageRoutes(parameters: StageRoutesParameters): Hono {
  const { stage } = parameters
  const refusalOf = createOfferLimit(parameters.offerLimit)
  const app = new Hono()
  // Pages of any origin may watch, as they may by WebSocket.
  app.use(
    '/stage/*',
    cors({
      origin: '*',
      exposeHeaders: ['Location', 'Retry-After'],
      allowHeaders: ['Content-Type', 'Authorization'],
    }),
  )
  app.post('/stage/whip', async (c) => {
    if (!isKey(c, parameters.streamKey())) return unauthorized()
    return answer(c, await stage.publish(await offerOf(c)), '/stage/whip')
  })
  app.post('/stage/whep', async (c) => {
    // While nobody publishes there is nothing to make, and viewers who wait for the stream ask again and again.
    const refusal = stage.status().live ? await refusalOf(c) : undefined
    return refusal ?? answer(c, await stage.watch(await offerOf(c)), '/stage/whep')
  })
  app.delete('/stage/whip/:id', async (c) => {
    if (!isKey(c, parameters.streamKey())) return unauthorized()
    return c.body(null, (await stage.end(c.req.param('id'))) ? 200 : 404)
  })
  // The id is a secret of the viewer's.
  app.delete('/stage/whep/:id', async (c) => c.body(null, (await stage.end(c.req.param('id'))) ? 200 : 404))
  app.get('/stage/status', (c) => c.json(stage.status(), 200, { 'Cache-Control': 'no-store' }))
  app.onError((error) => {
    const problem = problemOf(error)
    const after = problem.code === 'payee-offline' ? retrySeconds.offline : retrySeconds.full
    return problemResponse(problem, problem.retryable ? { 'Retry-After': String(after) } : {})
  })
  return app
}

function answer(c: Context, made: { readonly id: string; readonly answer: string }, path: string): Response {
  return c.body(made.answer, 201, { 'Content-Type': 'application/sdp', Location: `${path}/${made.id}` })
}

async function offerOf(c: Context): Promise<string> {
  const type = c.req.header('Content-Type')?.split(';', 1)[0]?.trim()
  if (type !== 'application/sdp') {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'This is not an offer of a media connection.',
      details: `Content-Type ${type ?? 'missing'}, expected application/sdp`,
    })
  }
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of c.req.raw.body ?? []) {
    pieces.push(piece)
    length += piece.length
    if (length > longestOffer) {
      throw new SluiceError({
        code: 'message-too-large',
        message: 'The offer of a media connection is too long.',
        details: `more than ${longestOffer} bytes`,
      })
    }
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Compared by digests, so that neither content nor length is told by how long it takes. */
function isKey(c: Context, key: string): boolean {
  const given = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1]
  if (given === undefined) return false
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(key))
}

function unauthorized(): Response {
  const body = {
    type: 'about:blank',
    title: 'The stream key is missing or wrong.',
    status: 401,
    code: 'terms-refused',
  }
  return new Response(JSON.stringify(body), {
    status: 401,
    headers: { 'Content-Type': 'application/problem+json', 'WWW-Authenticate': 'Bearer' },
  })
}
