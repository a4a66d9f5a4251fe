import type { Server } from 'node:http'
import {
  computeChannelId,
  createSignatureVerifier,
  SluiceError,
  streamChannelsAddresses,
  type Channel,
  type Deployment,
  type OperatorSigner,
  type SluiceCrypto,
} from '@sluice/sdk'
import { gatherVouchers } from '@sluice/sdk/node'
import { createPayeeHub, type Clock, type PayeeHub } from '@sluice/sdk/session'
import { createChainView } from '../chain/reader.js'
import { asking } from '../chain/rpc.js'
import { createWatcher } from '../chain/watcher.js'
import { onceRead, systemRandom, watchLoopDelay } from '../edge/system.js'
import { createApp } from '../http/app.js'
import { openApiDocument, type ApiPart } from '../http/openapi.js'
import { createAuthorizer } from '../http/payment/authorize.js'
import { createChallenges } from '../http/payment/challenge.js'
import { createPaymentMiddleware } from '../http/payment/middleware.js'
import { createOpenStreams } from '../http/payment/openStreams.js'
import { createWaiters } from '../http/payment/waiters.js'
import { offerDocument, serveOffer } from '../http/wellKnown.js'
import type { Limits } from '../limits.js'
import { silentLogger } from '../log.js'
import { createMetrics } from '../metrics.js'
import { requireAuthority } from '../settlement/authority.js'
import { createSettler } from '../settlement/settler.js'
import type { ServerStore } from '../store/ports.js'
import { createWsSessions } from '../ws/sessions.js'
import { createEmitter } from './emitter.js'
import { createFeeds } from './feed.js'
import { createHealth } from './health.js'
import { createHooks } from './hooks.js'
import type { PayeeOptions } from './options.js'
import type { Payee, PayeeEvents } from './payee.js'
import { createSettling } from './settling.js'
import { shutDown } from './shutdown.js'
import type { Standing } from './standing.js'
import type { ChainClient } from './startup.js'
import { statusOf } from './status.js'
import { challengeSecret, claimStore, firstBlock } from './storeFacts.js'
import { createTies } from './ties.js'
import { createWalletCheck } from './wallets.js'

/** What was checked and opened before. */
export type AssembleParameters = {
  readonly options: PayeeOptions
  readonly limits: Limits
  readonly client: ChainClient
  readonly standing: Standing
  readonly crypto: SluiceCrypto
  readonly deployment: Deployment
  readonly operator: OperatorSigner
  readonly store: ServerStore
  readonly ownsStore: boolean
  readonly clock: Clock
}

/** How long a 402 challenge is good, milliseconds. */
const challengeLifetimeMs = 300_000

/** Puts the parts of a payee together and starts them. */
export async function assemble(parameters: AssembleParameters): Promise<Payee> {
  const { options, limits, client, standing, crypto, deployment, operator, store, clock } = parameters
  const offer = standing.offer()
  const { random = systemRandom, settlement, pollMs = 1_000, trustProxy = false } = options
  const logger = options.logger ?? silentLogger()
  await claimStore(store.meta, deployment)
  requireAuthority(await store.list(), operator.address)
  const secret = await challengeSecret(store.meta, random)

  const chain = createChainView({ client, deployment })
  const isValidSignature = createWalletCheck(client, limits.walletChecksPerSecond)
  const verifier = gatherVouchers(
    crypto,
    deployment,
    createSignatureVerifier(crypto, deployment, { isValidSignature }),
    onceRead,
  )
  const channelId = (channel: Channel) => computeChannelId(crypto, deployment, channel)
  const settler = createSettler({
    store,
    outbox: store.outbox,
    chain,
    deployment,
    account: options.account,
    publicClient: client,
    normalizeVoucher: verifier.normalizeVoucher,
    clock,
    log: logger,
    ...(settlement === undefined || settlement === false ? {} : { policy: settlement }),
  })

  const emitter = createEmitter<PayeeEvents>((error) => {
    logger.error({ err: error }, 'a listener threw')
  })
  const fault = (error: unknown): void => {
    const known = asError(error)
    logger.error({ err: known }, known.message)
    emitter.emit('error', known)
  }
  const waiters = createWaiters(clock)
  const streams = createOpenStreams()
  const feeds = createFeeds({ clock, slowBytes: limits.slowBytes, onFault: fault })
  const loopDelay = watchLoopDelay()
  let closing: Promise<void> | undefined

  const settling = createSettling({
    hub: () => hub,
    settler,
    automatic: settlement !== false,
    clock,
    onFault: fault,
    onChange: waiters.wake,
    onClosed: (record) => {
      emitter.emit('closed', { record })
    },
  })
  const metrics = createMetrics({
    connections: () => sessions.connections(),
    sessions: () => hub.sessions().length,
    openStreams: streams.count,
    unsettled: async () => {
      const records = await store.list()
      return records.reduce(
        (sum, { accepted, claimed }) => sum + (accepted > claimed ? accepted - claimed : 0n),
        0n,
      )
    },
    pendingTransactions: () => settler.status().underWay.length,
    storeOk: () => store.health().ok,
    watcherLagMs: () => {
      const { lookedAtMs } = watcher.health()
      return lookedAtMs === undefined ? undefined : clock.now() - lookedAtMs
    },
    loopDelay: loopDelay.read,
  })
  const observed = createHooks({ emitter, metrics, feeds, waiters, settling, settler, logger, fault })
  const hub: PayeeHub = createPayeeHub({
    offer,
    store,
    chain,
    verifier,
    operator,
    clock,
    random,
    channelId,
    limits: { framesPerSecond: limits.framesPerSecond, burst: limits.frameBurst },
    hooks: observed.hooks,
  })
  const ties = createTies(hub.accept)
  const sessions = createWsSessions({
    clock,
    limits,
    origins: options.origins,
    trustProxy,
    observer: { onAcknowledged: metrics.acknowledged, onRefused: observed.refused, onEnded: metrics.ended },
    accept: ties.accept,
  })
  const watcher = createWatcher({
    client,
    chain,
    deployment,
    payee: offer.payee,
    meta: store.meta,
    known: () => store.list(),
    fromBlock: await startBlock(parameters),
    clock,
    listener: settling.listener,
    confirmations: offer.confirmations,
    pollMs,
    log: logger,
  })

  const challenges = createChallenges({ secret, clock, lifetimeMs: challengeLifetimeMs })
  const middleware = createPaymentMiddleware({
    offer: standing.offer,
    authorize: createAuthorizer({
      hub,
      chain,
      confirmations: offer.confirmations,
      verifier,
      challenges,
      channelId,
    }),
    challenges,
    idempotency: store.idempotency,
    waiters,
    streams,
    retain: hub.retain,
    clock,
    limits,
    logger,
    trustProxy,
    realm: options.realm,
    closeOnChain: async (id) => {
      try {
        return await settling.close(id)
      } catch (error) {
        // The consent is given and durable; who cannot be told the transaction finds it on the chain.
        fault(error)
        return undefined
      }
    },
    onAnswer: metrics.request,
    onRefused: observed.refused,
  })
  const health = createHealth({ store, chain, watcher, settler, clock })
  let sessionPath = '/sluice'
  const described: ApiPart[] = []
  const app = createApp({
    offer: () => offerDocument(standing.offer(), sessionPath),
    openapi: () => openApiDocument(standing.offer(), sessionPath, described),
    health,
    metrics,
    onError: fault,
  })

  const detachers = new Set<() => void>()
  const attach = (server: Server, { path = '/sluice' }: { readonly path?: string } = {}): (() => void) => {
    sessionPath = path
    const endOffer = serveOffer(server, () => offerDocument(standing.offer(), path))
    const endSessions = sessions.attach(server, path)
    const detach = (): void => {
      detachers.delete(detach)
      endOffer()
      endSessions()
    }
    detachers.add(detach)
    return detach
  }

  await watcher.start()
  if (settlement !== false) await settler.start()
  settling.resume(await store.list())
  logger.info(
    {
      chain: offer.chainId,
      contract: offer.contract,
      payee: offer.payee,
      token: offer.symbol,
      engine: crypto.engine,
      tables: crypto.hasTables,
    },
    'the payee is ready',
  )

  return {
    get offer() {
      return standing.offer()
    },
    reoffer: async (changes) => {
      const next = await standing.change(changes)
      hub.reoffer(next)
      emitter.emit('reoffered', { offer: next })
      return next
    },
    describe: (part) => void described.push(part),
    isValidSignature,
    deployment,
    hub,
    store,
    settler,
    watcher,
    app,
    on: emitter.on,
    middleware,
    attach,
    tie: ties.tie,
    feed: (source) => feeds.add(source, hub.sessions()),
    status: () =>
      statusOf({
        offer: standing.offer(),
        hub,
        sessions,
        streams,
        settler,
        watcher,
        accepted: observed.accepted,
        closing: () => closing !== undefined,
      }),
    health,
    close: (reason = 'the payee stops') => {
      const { shutdownMs: limitMs = 10_000, settleOnClose: settle = false } = options
      const { ownsStore } = parameters
      const release = (): void => {
        for (const detach of [...detachers]) detach()
        loopDelay.stop()
      }
      const parts = { sessions, streams, feeds, hub, watcher, settler, settling, store, clock, logger }
      closing ??= shutDown({ ...parts, ownsStore, settle, limitMs, release }, reason)
      return closing
    },
  }
}

/** Where the watcher starts on a new store: the contract's first block where it is known, else now. */
function startBlock({ options, client, deployment, store }: AssembleParameters): Promise<bigint> {
  if (options.fromBlock !== undefined) return Promise.resolve(options.fromBlock)
  const known = streamChannelsAddresses[deployment.chainId]
  if (known?.address.toLowerCase() === deployment.contract) return Promise.resolve(known.block)
  return firstBlock(store.meta, () => asking('eth_blockNumber', () => client.getBlockNumber()))
}

function asError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error
  return new SluiceError({ code: 'internal', message: 'Something went wrong at the payee.', cause: error })
}
