import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { fetchOffer } from '@sluice/sdk'
import { servePages } from '@sluice/server'
import { createTestClient, http } from 'viem'
import { freePort, putContracts, startChain } from '../../../scripts/start/chain.ts'
import { startPayee } from '../../../scripts/start/payee.ts'
import { keepTestCard } from '../../../scripts/start/testCard/keep.ts'
import { createBank, type Bank } from './bank.ts'
import type { VisitedWorld } from './viewer.ts'
import { streamKey } from './world.ts'

/** A world whose payee can be killed: the pages come from elsewhere. */
export type VanishingWorld = VisitedWorld &
  Bank & {
    /** The payee's process is gone, without a word. */
    readonly kill: () => Promise<void>
    /** The chain's clock goes ahead. */
    readonly pass: (seconds: number) => Promise<void>
    readonly stop: () => Promise<void>
  }

/** Starts it, with a test card on the stage. */
export async function startVanishingWorld(): Promise<VanishingWorld> {
  await using parts = new AsyncDisposableStack()
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-pages-'))
  parts.defer(() => rm(home, { recursive: true, force: true }))
  const local = await startChain()
  parts.defer(local.stop)
  const contracts = await putContracts(local)
  const payee = await startPayee({
    rpc: local.url,
    contract: contracts.channels,
    token: contracts.token,
    store: path.join(home, 'payee.db'),
    port: await freePort(),
    price: '0.002/s',
    stage: { streamKey, title: 'The lock at Eastgate', chainName: local.chain.name, demoKeys: [] },
  })
  parts.defer(payee.stop)
  const testCard = keepTestCard({ origin: payee.url, key: streamKey })
  parts.defer(testCard.stop)
  const { offer } = await fetchOffer(payee.url, (url) => fetch(url))
  const pages = await servePages({
    payee: { offer },
    folder: path.resolve(import.meta.dirname, '../../../app/dist'),
    chainName: local.chain.name,
    rpcUrl: local.url,
    origin: payee.url,
    stage: true,
  })
  const answer = getRequestListener(pages.fetch, { overrideGlobalObjects: false })
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  parts.defer(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as AddressInfo
  const chain = createTestClient({ mode: 'hardhat', transport: http(local.url) })
  const all = parts.move()
  return {
    local,
    ...createBank(local, contracts),
    url: `http://127.0.0.1:${String(port)}`,
    kill: payee.kill,
    pass: async (seconds) => {
      await chain.increaseTime({ seconds })
      await chain.mine({ blocks: 1 })
    },
    stop: () => all.disposeAsync(),
  }
}
