import { Hono, type Context } from 'hono'
import type { Clock } from '@sluice/sdk/session'
import { problemOf, problemResponse } from '../http/problem.js'
import type { Payee } from '../payee/payee.js'
import type { Credential, Credentials } from './credentials.js'
import { asJson, type Dashboard } from './dashboard.js'
import type { EventStreams } from './eventStreams.js'
import type { Guard } from './guard.js'
import type { Income } from './income.js'
import type { OverlayFeed } from './overlay.js'
import { notFound, Refused } from './refusals.js'
import {
  bodyOf,
  challengeRequest,
  checked,
  goalRequest,
  overlayRequest,
  sessionRequest,
  spanQuery,
  spans,
  streamChanges,
  tipRequest,
} from './requests.js'
import type { Settings } from './settings.js'
import type { SignIn } from './signIn.js'
import type { TipBoard } from './tips.js'

export type StudioRoutesParameters = {
  readonly payee: Payee
  readonly signIn: SignIn
  readonly guard: Guard
  /** Those who signed in. */
  readonly sessions: Credentials
  readonly overlays: Credentials
  readonly settings: Settings
  readonly tips: TipBoard
  readonly income: Income
  readonly dashboard: Dashboard
  readonly feed: OverlayFeed
  readonly studioStreams: EventStreams
  readonly overlayStreams: EventStreams
  readonly clock: Clock
  readonly onFault: (error: unknown) => void
}

type Env = { Variables: { readonly credential: Credential } }

/** `/studio/api/*` for those who signed in, and `/overlay/api/events` for overlays. */
export function createStudioRoutes(parameters: StudioRoutesParameters): Hono {
  const app = new Hono()
  app.use('/studio/api/*', noStore)
  app.route('/studio/api', signInRoutes(parameters))
  app.route('/studio/api', signedInRoutes(parameters))
  app.get('/overlay/api/events', async (c) => {
    const { id } = await parameters.guard.bearer(c, parameters.overlays)
    return parameters.overlayStreams.open({
      allowed: () => parameters.overlays.holds(id),
      begin: parameters.feed.begin,
    })
  })
  app.onError((error) => answerError(error, parameters.onFault))
  return app
}

function signInRoutes({ signIn, guard, sessions, clock }: StudioRoutesParameters): Hono {
  const app = new Hono()
  app.post('/challenge', async (c) => {
    await guard.signingIn(c)
    const { address } = await bodyOf(c, challengeRequest)
    return c.json(signIn.challenge(address))
  })
  app.post('/session', async (c) => {
    await guard.signingIn(c)
    const { message, signature } = await bodyOf(c, sessionRequest)
    const address = await signIn.redeem(message, signature)
    const { secret, credential } = await sessions.issue(address)
    return c.json({ token: secret, address, expiresAtMs: credential.expiresAtMs, nowMs: clock.now() }, 201)
  })
  return app
}

function signedInRoutes(parameters: StudioRoutesParameters): Hono<Env> {
  const { payee, guard, sessions, overlays, settings, tips, income, dashboard, feed } = parameters
  const app = new Hono<Env>()
  app.use('*', async (c: Context<Env>, next) => {
    c.set('credential', await guard.bearer(c, sessions))
    await next()
  })

  app.delete('/session', async (c) => {
    await sessions.revoke(c.get('credential').id)
    parameters.studioStreams.check()
    return c.body(null, 204)
  })
  app.get('/state', async (c) => {
    await income.refresh(payee.offer.token)
    return c.json(asJson(dashboard.snapshot()))
  })
  app.get('/events', (c) => {
    const { id } = c.get('credential')
    return parameters.studioStreams.open({
      allowed: () => sessions.holds(id),
      begin: (send) => {
        send('state', asJson(dashboard.snapshot()))
        return dashboard.watch((snapshot) => {
          send('state', asJson(snapshot))
        })
      },
    })
  })
  app.get('/income', async (c) => {
    const span = checked(c.req.query('span') ?? 'hour', spanQuery)
    const { lengthMs, stepMs } = spans[span]
    const { token } = payee.offer
    const points = await income.history(token, parameters.clock.now() - lengthMs, stepMs)
    return c.json(asJson({ span, stepMs, points }))
  })

  app.put('/stream', async (c) => {
    const changes = await bodyOf(c, streamChanges)
    await payee.reoffer(changes)
    await settings.setStream(changes)
    dashboard.poke()
    feed.refresh()
    return c.json(asJson(dashboard.snapshot().stream))
  })
  app.get('/key', (c) => c.json({ key: settings.streamKey() }))
  app.post('/key', async (c) => c.json({ key: await settings.renewStreamKey() }, 201))

  app.post('/settle', async (c) => {
    const { submitted, skipped, refused, failed } = await payee.settler.settle(undefined, {
      earnedOnly: true,
    })
    dashboard.poke()
    return c.json(
      asJson({
        transactions: submitted.map((entry) => entry.attempts.at(-1)?.hash),
        channels: submitted.flatMap(({ purpose }) => purpose.channels.map(({ channelId }) => channelId)),
        skipped: skipped.map(({ channelId, reason, amount }) => ({ channelId, reason, amount })),
        refused,
        failed: failed.map(({ channelIds, error }) => ({ channelIds, reason: error.message.slice(0, 300) })),
      }),
    )
  })

  app.post('/tips/hide', async (c) => {
    await tips.setHidden((await bodyOf(c, tipRequest)).key, true)
    return c.body(null, 204)
  })
  app.post('/tips/show', async (c) => {
    await tips.setHidden((await bodyOf(c, tipRequest)).key, false)
    return c.body(null, 204)
  })
  app.post('/tips/replay', async (c) => {
    tips.replay((await bodyOf(c, tipRequest)).key)
    return c.body(null, 204)
  })
  app.put('/goal', async (c) => {
    await settings.setGoal(await bodyOf(c, goalRequest))
    return changedGoal(c)
  })
  app.delete('/goal', async (c) => {
    await settings.setGoal(undefined)
    return changedGoal(c)
  })
  function changedGoal(c: Context): Response {
    dashboard.poke()
    feed.refresh()
    return c.body(null, 204)
  }

  app.get('/overlays', (c) =>
    c.json({ overlays: overlays.list(), connected: parameters.overlayStreams.count() }),
  )
  app.post('/overlays', async (c) => {
    const { secret, credential } = await overlays.issue((await bodyOf(c, overlayRequest)).label)
    return c.json({ ...credential, secret }, 201)
  })
  app.post('/overlays/test', (c) => {
    feed.test()
    return c.json({ connected: parameters.overlayStreams.count() })
  })
  app.delete('/overlays/:id', async (c) => {
    const id = c.req.param('id')
    if (!(await overlays.revoke(id)))
      throw notFound('There is no such overlay.', `overlay ${id.slice(0, 40)}`)
    parameters.overlayStreams.check()
    return c.body(null, 204)
  })
  app.all('*', (c) => {
    throw notFound('There is nothing here.', `${c.req.method} ${c.req.path.slice(0, 100)}`)
  })
  return app
}

async function noStore(c: Context, next: () => Promise<void>): Promise<void> {
  await next()
  c.header('Cache-Control', 'no-store')
}

function answerError(error: unknown, onFault: (error: unknown) => void): Response {
  if (!(error instanceof Refused)) {
    const problem = problemOf(error)
    if (problem.status === 500) onFault(error)
    return problemResponse(problem)
  }
  const headers: Record<string, string> = {}
  if (error.problem.status === 401) headers['WWW-Authenticate'] = 'Bearer'
  if (error.problem.status === 429) headers['Retry-After'] = '60'
  return problemResponse(error.problem, headers)
}
