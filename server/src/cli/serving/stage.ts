import { dirname, resolve } from 'node:path'
import { Hono } from 'hono'
import { isLocalChain } from '../../deploy/chains.js'
import type { Logger } from '../../log.js'
import { servePages } from '../../pages/servePages.js'
import type { Payee } from '../../payee/payee.js'
import type { LiveStage, StreamKey } from '../../stage/openStage.js'
import { openStudio } from '../../studio/openStudio.js'
import { describeChain } from '../chain.js'
import { configDefaults, type LoadedConfig, type StageConfig } from '../config.js'
import { usageError } from '../exit.js'
import type { Io } from '../io.js'
import { loadStreamKey } from '../streamKey.js'

/** What is served besides the payee's own routes. */
export type Staged = {
  readonly app: Hono
  /** Whether video is taken in and served. */
  readonly stage: boolean
  readonly pages: boolean
  readonly close: () => Promise<void>
}

/** What of the command line bears on it. */
export type StageChoice = {
  readonly stage: boolean
  /** Of the built pages; wins over the settings. */
  readonly pages: string | undefined
  /** Where this server is reached, once it listens. */
  readonly url: () => string
}

/**
 * Puts the live stream and the pages in front of a payee's own routes.
 *
 * @param payee sells
 * @param config the settings
 * @param choice of the command line
 * @param io the environment
 * @param logger for media connections that fail
 * @throws CommandError exit code 1 without a stream key, 2 when the pages lack the address of a node
 */
export async function putOnStage(
  payee: Payee,
  config: LoadedConfig,
  choice: StageChoice,
  io: Io,
  logger: Logger,
): Promise<Staged> {
  const settings: StageConfig = config.stage ?? { keyFile: configDefaults.streamKeyFile }
  const folder = dirname(config.path)
  const app = new Hono()
  const pages =
    choice.pages === undefined
      ? settings.pages && resolve(folder, settings.pages)
      : resolve(io.directory, choice.pages)
  if (pages !== undefined) {
    const { origin, tokenPriceUsd } = settings
    const served = await servePages({
      payee,
      folder: pages,
      chainName: describeChain(config.chainId, config.rpc).name,
      rpcUrl: nodeForBrowsers(config, settings),
      stage: choice.stage,
      ...(origin === undefined ? {} : { origin }),
      ...(tokenPriceUsd === undefined ? {} : { tokenPriceUsd }),
    })
    app.route('/', served)
  }
  const streamKey = choice.stage ? await loadStreamKey(io, resolve(folder, settings.keyFile)) : undefined
  let stage: LiveStage | undefined
  // Without pages there is nowhere to sign in.
  const studio =
    pages === undefined
      ? undefined
      : await openStudio(payee, {
          origin: () => settings.origin ?? choice.url(),
          stageStatus: () => stage?.status(),
          trustProxy: config.trustProxy ?? false,
          logger,
          ...(streamKey === undefined ? {} : { streamKey }),
        })
  if (studio !== undefined) app.route('/', studio.routes)
  if (streamKey !== undefined) {
    stage = await openOn(payee, config, studio?.streamKey ?? streamKey, logger)
    app.route('/', stage.routes)
  }
  app.route('/', payee.app)
  const close = async (): Promise<void> => {
    studio?.close()
    await stage?.close()
  }
  return { app, stage: choice.stage, pages: pages !== undefined, close }
}

async function openOn(
  payee: Payee,
  { stage: settings, trustProxy = false }: LoadedConfig,
  streamKey: string | StreamKey,
  logger: Logger,
): Promise<LiveStage> {
  const { addresses, ports, iceServers, mostViewers } = settings ?? {}
  // Half of what the command would load, for those who stream.
  const { openStage } = await import('../../stage/openStage.js')
  return openStage(payee, {
    streamKey,
    trustProxy,
    logger,
    ...(mostViewers === undefined ? {} : { mostViewers }),
    network: {
      ...(addresses === undefined ? {} : { iceAdditionalHostAddresses: addresses }),
      ...(ports === undefined ? {} : { icePortRange: ports }),
      ...(iceServers === undefined ? {} : { iceServers: iceServers.map(defined) }),
    },
  })
}

/** The node of the server's own is not told to everybody: its address often holds a key. */
function nodeForBrowsers(config: LoadedConfig, settings: StageConfig): string {
  if (settings.rpc !== undefined) return settings.rpc
  if (isLocalChain(config.chainId)) return config.rpc
  throw usageError(
    'The pages need the address of a node that everybody may read.',
    `Add "stage": { "rpc": "https://…" } to ${config.path}: the one in "rpc" may hold a key of yours.`,
  )
}

/** Without the fields that are not there. */
function defined(server: {
  readonly urls: string
  readonly username?: string | undefined
  readonly credential?: string | undefined
}): { urls: string; username?: string; credential?: string } {
  const { urls, username, credential } = server
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}
