import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { maxFrame, type Clock, type Transport } from '@sluice/sdk/session'
import { clientAddress } from '../http/address.js'
import type { Limits } from '../limits.js'
import { createAdmission, type Refusal } from './admission.js'
import { SessionSocket } from './socket.js'
import { createWsTransport, type TransportObserver } from './transport.js'

export type WsSessionsParameters = {
  readonly clock: Clock
  readonly limits: Limits
  /** Browser origins that may connect; undefined: all. */
  readonly origins: readonly string[] | undefined
  readonly trustProxy: boolean
  readonly observer: TransportObserver
  /** Takes an open connection in. `media`: what the address names as what it pays for. */
  readonly accept: (transport: Transport, media: string | undefined) => void
}

export type WsSessions = {
  /** Takes upgrades of `path` on a server; the returned function ends that and keeps open connections. */
  readonly attach: (server: Server, path: string) => () => void
  /** Refuses new connections from now on. */
  readonly refuse: () => void
  readonly connections: () => number
  /** Says goodbye to every connection; those that are still there when `hurry` is called are cut. */
  readonly end: (reason: string) => { readonly gone: Promise<void>; readonly hurry: () => void }
  /** Stops the heartbeat. */
  readonly stop: () => void
}

/** What was heard of a connection since the last beat: something; nothing; or nothing although it was asked. */
type Life = { sign: 'heard' | 'quiet' | 'asked' }

/**
 * The heartbeat looks at every connection three times in its time, at one part of them after the other: asking all at
 * once would hold up what they all wait for.
 */
const looks = 3
const parts = 16

/** WebSocket sessions on any number of HTTP servers. */
export function createWsSessions(parameters: WsSessionsParameters): WsSessions {
  const { clock, limits, observer } = parameters
  const admission = createAdmission(limits, parameters.origins)
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrame,
    WebSocket: SessionSocket,
  })
  const sockets = new Set<SessionSocket>()
  const lives = Array.from({ length: parts }, () => new Map<SessionSocket, Life>())
  let taken = 0
  let nextPart = 0
  let refusing = false
  let emptied: (() => void) | undefined
  let cancelBeat: (() => void) | undefined

  function beat(): void {
    cancelBeat = undefined
    for (const [socket, life] of lives[nextPart] ?? []) {
      if (life.sign === 'asked') {
        observer.onEnded('dead')
        socket.terminate()
      } else if (life.sign === 'quiet') {
        life.sign = 'asked'
        socket.ping()
      } else {
        life.sign = 'quiet'
      }
    }
    nextPart = (nextPart + 1) % parts
    if (sockets.size > 0) scheduleBeat()
  }

  function scheduleBeat(): void {
    cancelBeat ??= clock.schedule(limits.heartbeatMs / looks / parts, beat)
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // A client that goes away while it is judged must not end the process.
    const ignore = (): undefined => undefined
    socket.on('error', ignore)
    if (refusing) {
      refuse(socket, { status: 503, code: 'payee-offline', retryAfter: 5 })
      return
    }
    const address = clientAddress(request, parameters.trustProxy)
    const refusal = await admission.take(address, request.headers.origin)
    if (refusal !== undefined) {
      observer.onRefused(refusal.code)
      refuse(socket, refusal)
      return
    }
    if (socket.destroyed) {
      admission.release(address)
      return
    }
    let open = false
    socket.once('close', () => {
      if (!open) admission.release(address)
    })
    socket.removeListener('error', ignore)
    // Read here: a callback that knows the request would have the listener above keep it as long as the connection.
    const media = mediaOf(request)
    wss.handleUpgrade(request, socket, head, (ws) => {
      open = true
      take(ws, socket, address, media)
    })
  }

  function take(socket: SessionSocket, connection: Duplex, address: string, media: string | undefined): void {
    const life: Life = { sign: 'heard' }
    const part = lives[taken % parts]
    taken += 1
    sockets.add(socket)
    part?.set(socket, life)
    const heard = (): void => {
      life.sign = 'heard'
    }
    socket.on('pong', heard)
    socket.on('ping', heard)
    socket.on('close', () => {
      sockets.delete(socket)
      part?.delete(socket)
      admission.release(address)
      if (sockets.size === 0) emptied?.()
    })
    scheduleBeat()
    const { endBytes } = limits
    const transport = createWsTransport({ socket, connection, clock, endBytes, observer, onHeard: heard })
    parameters.accept(transport, media)
  }

  return {
    attach: (server, path) => {
      const listener = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
        if (pathOf(request) === path) void upgrade(request, socket, head)
        else if (server.listenerCount('upgrade') === 1)
          refuse(socket, { status: 404, code: 'invalid-argument' })
      }
      server.on('upgrade', listener)
      return () => server.off('upgrade', listener)
    },
    refuse: () => {
      refusing = true
    },
    connections: () => sockets.size,
    end: (reason) => {
      const gone = new Promise<void>((resolve) => {
        if (sockets.size === 0) resolve()
        else emptied = resolve
      })
      for (const socket of sockets) socket.close(1001, reason.slice(0, 120))
      return {
        gone,
        hurry: () => {
          for (const socket of sockets) socket.terminate()
        },
      }
    },
    stop: () => {
      cancelBeat?.()
      wss.close()
    },
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}

function mediaOf(request: IncomingMessage): string | undefined {
  return new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '').get('media') ?? undefined
}

function refuse(
  socket: Duplex,
  refusal: Omit<Refusal, 'status'> & { readonly status: Refusal['status'] | 404 },
): void {
  const body = JSON.stringify({ code: refusal.code, status: refusal.status })
  const lines = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${body.length}`,
    ...(refusal.retryAfter === undefined ? [] : [`Retry-After: ${refusal.retryAfter}`]),
  ]
  socket.on('error', () => undefined)
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
