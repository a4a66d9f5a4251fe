import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createPayee, createStandalone, servePages, type Payee } from '@sluice/server'
import { openStage, type LiveStage } from '@sluice/server/stage'
import { openStudio } from '@sluice/server/studio'
import { Hono } from 'hono'
import { http, type Address } from 'viem'
import { operator, operatorKey, secondViewerKey, streamer } from '../../../scripts/start/accounts.ts'
import { putContracts, startChain, type Contracts, type LocalChain } from '../../../scripts/start/chain.ts'
import { publishTestCard } from '../../../scripts/start/testCard/publish.ts'
import { createBank, type Bank } from './bank.ts'

const root = path.resolve(import.meta.dirname, '../../..')

/** Pieces of the feed, milliseconds of media each. */
const pieceMs = 100

/** What a publisher must know here. */
export const streamKey = 'a key for tests only'

/**
 * What the payee sells: a live picture, the test card, or a feed without one. `studio`: a live picture that the streamer
 * sends from its studio, so that nobody is on the air yet.
 */
export type Sells = 'stage' | 'feed' | 'studio'

/** A chain, a payee that sells a stream, and the built pages at its origin. */
export type PagesWorld = Bank & {
  readonly local: LocalChain
  readonly contracts: Contracts
  readonly url: string
  readonly streamer: Address
  readonly payee: Payee
  readonly stop: () => Promise<void>
}

/** @param options `sells`: default the live picture; `paid`: who is paid; `price` in whole tokens */
export async function startPagesWorld(
  options: { readonly sells?: Sells; readonly paid?: Address; readonly price?: string } = {},
): Promise<PagesWorld> {
  const { sells = 'stage', paid = streamer, price = '0.002/s' } = options
  await using parts = new AsyncDisposableStack()
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-pages-'))
  parts.defer(() => rm(home, { recursive: true, force: true }))
  const local = await startChain()
  parts.defer(local.stop)
  const contracts = await putContracts(local, ['streamChannels', 'tournaments'])
  const payee = await createPayee({
    account: operator,
    privateKey: operatorKey,
    payee: paid,
    chain: local.chain,
    transport: http(local.url),
    contract: contracts.channels,
    token: contracts.token,
    price,
    store: path.join(home, 'payee.db'),
    title: 'The lock at Eastgate',
    pollMs: 200,
  })
  parts.defer(() => payee.close('the test is over'))
  const app = new Hono()
  let url = ''
  if (sells === 'feed') feedPulse(payee)
  else {
    const studio = await openStudio(payee, {
      origin: () => url,
      streamKey,
      stageStatus: () => stage.status(),
    })
    const stage: LiveStage = openStage(payee, { streamKey: studio.streamKey })
    parts.defer(stage.close)
    parts.defer(studio.close)
    app.route('/', stage.routes)
    app.route('/', studio.routes)
  }
  const pages = await servePages({
    payee,
    folder: path.join(root, 'app/dist'),
    chainName: local.chain.name,
    rpcUrl: local.url,
    stage: sells !== 'feed',
    tokenPriceUsd: '1.00',
    demoKeys: [secondViewerKey],
  })
  app.route('/', pages)
  app.route('/', payee.app)
  const server = await createStandalone(payee, { port: 0, app })
  parts.defer(() => server.close('the test is over'))
  url = server.url
  if (sells === 'stage') {
    const testCard = await publishTestCard({ url: `${server.url}/stage/whip`, key: streamKey })
    parts.defer(testCard.stop)
  }
  const bank = createBank(local, contracts)
  await bank.fund(secondViewerKey)
  const all = parts.move()
  return {
    local,
    contracts,
    ...bank,
    url: server.url,
    streamer: paid,
    payee,
    stop: () => all.disposeAsync(),
  }
}

/** A number that rises and falls, ten times a second. */
function feedPulse(payee: Payee): void {
  payee.feed(async function* (_, signal) {
    for (let piece = 0; !signal.aborted; piece += 1) {
      yield { units: BigInt(pieceMs), payload: { load: 0.5 + Math.sin(piece / 9) * 0.4 } }
      await new Promise((resolve) => setTimeout(resolve, pieceMs))
    }
  })
}
