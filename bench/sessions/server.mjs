// A payee in a process of its own, as `sluice serve` runs it: WebSocket sessions, the native engine and the SQLite store.
// What it would read from the chain is constant. node sessions/server.mjs <database>
import { createServer } from 'node:http'
import { computeChannelId, createOperatorSigner, createSignatureVerifier } from '../../sdk/dist/index.js'
import { loadNodeCrypto } from '../../sdk/dist/node/index.js'
import { createPayeeHub, systemClock } from '../../sdk/dist/session/index.js'
import { limitsOf } from '../../server/dist/limits.js'
import { openSqliteStore } from '../../server/dist/store/sqlite.js'
import { createWsSessions } from '../../server/dist/ws/sessions.js'
import { constantChain, deployment, offer, operatorKey } from '../fixture.mjs'
import { answer } from '../harness/process.mjs'

const [path] = process.argv.slice(2)
const crypto = await loadNodeCrypto({ engine: 'native' })
const store = openSqliteStore({ path, clock: systemClock })
// All clients of this benchmark come from one address.
const limits = limitsOf({ connectionsPerAddress: 20_000, connectsPerMinute: 1_000_000 })
let faults = 0
const hub = createPayeeHub({
  offer,
  store,
  chain: constantChain(),
  verifier: createSignatureVerifier(crypto, deployment),
  operator: createOperatorSigner(crypto, deployment, operatorKey),
  clock: systemClock,
  random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  channelId: (channel) => computeChannelId(crypto, deployment, channel),
  limits: { framesPerSecond: limits.framesPerSecond, burst: limits.frameBurst },
  hooks: {
    onFault: (error) => {
      faults += 1
      console.error(error)
    },
  },
})
const ignore = () => undefined
const sessions = createWsSessions({
  clock: systemClock,
  limits,
  origins: undefined,
  trustProxy: false,
  observer: { onAcknowledged: ignore, onRefused: ignore, onEnded: ignore },
  accept: hub.accept,
})
const server = createServer()
sessions.attach(server, '/sluice')

answer({
  listen: () =>
    new Promise((resolve) => {
      server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
        resolve({ port: server.address().port }),
      )
    }),
  usage: async () => {
    const { user, system } = process.cpuUsage()
    return {
      cpuSeconds: (user + system) / 1e6,
      rss: process.memoryUsage.rss(),
      connections: sessions.connections(),
      sessions: hub.sessions().length,
      faults,
    }
  },
})
