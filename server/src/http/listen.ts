import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import type { Payee } from '../payee/payee.js'

export type Standalone = {
  /** Such as `http://127.0.0.1:8402`. */
  readonly url: string
  readonly server: Server
  /** Stops listening, then closes the payee. */
  readonly close: (reason?: string) => Promise<void>
}

/** Longest header block of a request, bytes: a credential may take 16 KB. */
const maxHeaderSize = 32_768

/**
 * A server of its own for a payee: its routes and its sessions.
 *
 * @param payee what is served
 * @param options
 * - `port`: 0 for any
 * - `host`: default `127.0.0.1`; `0.0.0.0` for everyone, behind a proxy that speaks TLS
 * - `path` of sessions, default `/sluice`
 * - `app`: routes to serve besides; default the payee's own
 * @throws SluiceError `invalid-argument` when the port is taken
 */
export async function createStandalone(
  payee: Payee,
  options: {
    readonly port: number
    readonly host?: string
    readonly path?: string
    readonly app?: Hono
  },
): Promise<Standalone> {
  const { host = '127.0.0.1', port, path, app = payee.app } = options
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer(
    { maxHeaderSize, requestTimeout: 60_000, headersTimeout: 15_000 },
    (request, response) => {
      void answer(request, response)
    },
  )
  payee.attach(server, path === undefined ? {} : { path })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new SluiceError({
          code: 'invalid-argument',
          message: `The server cannot listen on ${host}:${port}.`,
          details: cause.message,
          cause,
        }),
      )
    })
    server.listen(port, host, resolve)
  })
  const bound = server.address()
  const actualPort = typeof bound === 'object' && bound !== null ? bound.port : port
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${actualPort}`,
    server,
    close: async (reason) => {
      const stopped = new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
      server.closeIdleConnections()
      await payee.close(reason)
      server.closeAllConnections()
      await stopped
    },
  }
}
