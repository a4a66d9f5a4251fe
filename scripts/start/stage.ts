import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { operator, operatorKey, secondViewer, secondViewerKey, streamer } from './accounts.ts'
import { freePort, mint, putContracts, startChain, type Contracts, type LocalChain } from './chain.ts'
import { startPayee } from './payee.ts'
import { builtPages } from './pages.ts'
import type { Screen } from './screen.ts'
import { keepTestCard } from './testCard/keep.ts'

/** What a demo wallet is given, base units. */
const fortune = 100_000_000n

/** A live stage on this machine, with a test card on it. */
export type Stage = {
  readonly local: LocalChain
  readonly contracts: Contracts
  /** Of the payee and the pages. */
  readonly url: string
  readonly streamKey: string
}

/**
 * Opens the stage: a chain, a payee with a live picture, the pages, funded demo wallets, and a test card while nobody else
 * streams.
 *
 * @param screen where a person follows
 * @param use runs while it is open
 */
export async function withStage<Result>(
  screen: Screen,
  use: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  await using parts = new AsyncDisposableStack()
  screen.step('Opening the stage')
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-stage-'))
  parts.defer(() => rm(home, { recursive: true, force: true }))
  const local = await startChain()
  parts.defer(local.stop)
  const contracts = await putContracts(local, ['streamChannels', 'tournaments'])
  await mint(local, contracts.token, [secondViewer.address, operator.address, streamer], fortune)
  const streamKey = randomBytes(18).toString('base64url')
  const payee = await startPayee({
    rpc: local.url,
    contract: contracts.channels,
    token: contracts.token,
    store: path.join(home, 'payee.db'),
    port: await freePort(),
    price: '0.002/s',
    stage: {
      streamKey,
      title: 'The test card of this machine',
      chainName: local.chain.name,
      demoKeys: [secondViewerKey, operatorKey],
    },
  })
  parts.defer(payee.stop)
  const testCard = keepTestCard({ origin: payee.url, key: streamKey })
  parts.defer(testCard.stop)
  return await use({ local, contracts, url: payee.url, streamKey })
}

/** Keeps the stage open until Ctrl-C. */
export function runStage(screen: Screen): Promise<void> {
  return withStage(screen, async ({ local, url, streamKey }) => {
    screen.table([
      ...builtPages().map(([name, purpose]) => [`${url}/${name}/`, purpose] as const),
      ['', ''],
      ['OBS, server', `${url}/stage/whip`],
      ['OBS, stream key', streamKey],
      ['chain', local.url],
    ])
    screen.step('Running until Ctrl-C')
    await new Promise<void>((resolve) => {
      // It may come twice: from the terminal, and from the program that started this one.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
    })
  })
}
