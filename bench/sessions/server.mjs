// A payee in a process of its own, as an application makes it with `createPayee`: sessions, limits, metrics, watcher and
// the SQLite store are the product's. Only the chain is not real, and nothing is settled by itself.
// node sessions/server.mjs <database>
import { createServer } from 'node:http'
import { privateKeyToAccount } from 'viem/accounts'
import { baseSepolia } from 'viem/chains'
import { createPayee } from '../../server/dist/index.js'
import { deployment, operatorKey, step } from '../fixture.mjs'
import { answer } from '../harness/process.mjs'
import { createConstantChain } from './chain.mjs'

const [path] = process.argv.slice(2)
const payee = await createPayee({
  account: privateKeyToAccount(operatorKey),
  privateKey: operatorKey,
  chain: baseSepolia,
  transport: createConstantChain(),
  contract: deployment.contract,
  token: '0x0000000000000000000000000000000000000000',
  price: { amount: step, unit: 'second', per: 1n },
  store: path,
  engine: 'native',
  settlement: false,
  // All clients of this benchmark come from one address, at once.
  limits: { connectionsPerAddress: 20_000, connectsPerMinute: 1_000_000 },
})
let faults = 0
payee.on('error', (error) => {
  faults += 1
  console.error(error)
})
const server = createServer()
payee.attach(server)

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
      sessions: payee.hub.sessions().length,
      faults,
    }
  },
})
