import { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Metrics } from '../metrics.js'
import type { HealthReport } from '../payee/payee.js'
import { problemOf, problemResponse } from './problem.js'

export type AppParameters = {
  /** The offer as `/.well-known/sluice` gives it. */
  readonly offer: () => string
  readonly openapi: () => object
  readonly health: () => Promise<HealthReport>
  readonly metrics: Metrics
  readonly onError: (error: unknown) => void
}

/** The payee's own routes. */
export function createApp(parameters: AppParameters): Hono {
  const app = new Hono()
  // Pages of any origin may read what is sold.
  app.use('/.well-known/sluice', cors())
  app.use('/openapi.json', cors())
  app.get('/.well-known/sluice', () => offerResponse(parameters.offer()))
  app.get('/openapi.json', (c) => c.json(parameters.openapi(), 200, { 'Cache-Control': 'max-age=300' }))
  app.get('/healthz', async (c) => {
    const report = await parameters.health()
    return c.json(report, report.ok ? 200 : 503, { 'Cache-Control': 'no-store' })
  })
  app.get('/metrics', async (c) =>
    c.body(await parameters.metrics.text(), 200, { 'Content-Type': parameters.metrics.contentType }),
  )
  app.notFound((c) =>
    problemResponse({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'invalid-argument',
      message: 'There is nothing here.',
      details: `${c.req.method} ${c.req.path}`,
      action: 'none',
      retryable: false,
    }),
  )
  app.onError((error) => {
    parameters.onError(error)
    return problemResponse(problemOf(error))
  })
  return app
}

/** The offer as an answer. */
export function offerResponse(offer: string): Response {
  return new Response(offer, {
    headers: { 'Content-Type': 'application/json; charset=UTF-8', 'Cache-Control': 'max-age=10' },
  })
}
