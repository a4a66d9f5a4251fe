/**
 * A payee as its own process: SQLite file, WebSocket on loopback, a feed. It is killed at a point of its own writes:
 * before a write, while it waits for the commit, or after the commit and before anyone is told.
 */
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { createPayeeHub, wrapWebSocket, type PayeeSession, type PayeeStore } from '@sluice/sdk/session'
import { openSqliteStore } from '../../server/dist/store/sqlite.js'
import { channelIdOf, offer, operator, verifier } from '../sdk/session/parties.ts'
import { createFastClock } from '../support/fastClock.ts'
import { feed } from './feed.ts'
import { createKillPoints, readOrders } from './killPoints.ts'

type Orders = {
  readonly path: string
  readonly killAt: number
  readonly startMs: number
  readonly speed: number
}

const orders = (await readOrders()) as Orders
const point = createKillPoints(orders.killAt)
const clock = createFastClock(orders.startMs, orders.speed)
const sqlite = openSqliteStore({ path: orders.path, clock })
const store: PayeeStore = {
  ...sqlite,
  save: async (record, tip) => {
    point()
    const saved = sqlite.save(record, tip)
    point()
    await saved
    point()
  },
}

const present = new Set<PayeeSession>()
const hub = createPayeeHub({
  offer,
  store,
  chain: {
    channelState: async () => ({
      deposited: 1_000_000n,
      claimed: 0n,
      openedAt: Math.floor(orders.startMs / 1000),
      closeRequestedAt: 0,
      closed: false,
    }),
  },
  verifier,
  operator,
  clock,
  random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  channelId: channelIdOf,
  limits: { framesPerSecond: 1_000, burst: 1_000 },
  hooks: {
    onFault: (error) => {
      throw error
    },
    onJoined: (session) => {
      present.add(session)
      void feed(session, clock, () => !present.has(session))
    },
    onLeft: (session) => present.delete(session),
  },
})

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
server.on('connection', (socket) => {
  hub.accept(wrapWebSocket(socket))
})
server.on('listening', () => {
  console.log((server.address() as AddressInfo).port)
})
