import type { Log } from 'viem'
import { getBlock, watchBlockNumber } from 'viem/actions'
import type { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'
import { contextOf, resolveDeployment, type ChainClient, type ReadParameters } from './context.js'
import { moveWindow, placeOfLog, type EventPlace, type EventWindow } from './eventWindow.js'
import { scanLogs, type LogFilter } from './logs.js'
import type { Product } from './product.js'
import { walletError } from './walletErrors.js'

/** Which events of a contract are watched, and how they are read. */
export type WatchedEvents<event extends EventPlace> = {
  readonly product: Product
  /** Whatever passes one of these. */
  readonly filters: readonly LogFilter['topics'][]
  readonly read: (log: Log, deployment: Deployment) => event | undefined
}

/** A block as it is told. */
export type WatchedBlock = { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint }

/** An event as it is told. */
export type Watched<event> = event & {
  /** True when a reorganisation undid what was told before. */
  readonly removed: boolean
}

/** Who is told, and how far back. */
export type WatchParameters<event> = ReadParameters & {
  readonly onEvent: (event: Watched<event>) => void
  /** Told what went wrong before the next attempt. */
  readonly onError?: ((error: SluiceError) => void) | undefined
  /** Told each new head after its events. */
  readonly onBlock?: ((block: WatchedBlock) => void) | undefined
  /** First block whose events are told; default: the first one after the watch began. */
  readonly fromBlock?: bigint | undefined
  /** Blocks a reorganisation may undo; default 64. */
  readonly depth?: bigint | undefined
  /** Blocks in one request when catching up; default 5,000. */
  readonly blockRange?: bigint | undefined
  /** How often to ask for a new block where there is no subscription, milliseconds; default: the client's. */
  readonly pollingIntervalMs?: number | undefined
}

/**
 * Adds to a reader of logs where each event stands.
 *
 * @param read what an event says
 */
export function withPlace<event>(
  read: (log: Log, deployment: Deployment) => event | undefined,
): (log: Log, deployment: Deployment) => (event & EventPlace) | undefined {
  return (log, deployment) => {
    const place = placeOfLog(log)
    const event = place === undefined ? undefined : read(log, deployment)
    return place === undefined || event === undefined ? undefined : { ...event, ...place }
  }
}

/**
 * Tells what happens in a contract as it happens. An event whose block a reorganisation undid is told again with
 * `removed: true`, newest first, before what took its place. Errors are told and the watch goes on: nothing is missed
 * over an outage of the node or a sleep of the machine.
 *
 * @param client any viem client
 * @param watched which events
 * @param parameters who is told
 * @returns ends the watch; nothing is told afterwards
 */
export function watchEvents<event extends EventPlace>(
  client: ChainClient,
  watched: WatchedEvents<event>,
  parameters: WatchParameters<event>,
): () => void {
  const { onEvent, onError, onBlock, depth = 64n, blockRange = 5_000n } = parameters
  const { product, read, filters } = watched
  let deployment: Deployment | undefined
  let start = parameters.fromBlock
  let told: EventWindow<event> = new Map()
  let head: WatchedBlock | undefined
  let stopped = false
  let looking = false
  let lookAgain = false

  const look = async () => {
    deployment ??= await resolveDeployment(client, parameters, product)
    const at = deployment
    const latest = await getBlock(client)
    if (latest.hash === head?.hash) return
    start ??= latest.number + 1n
    const seen = head !== undefined && head.number < latest.number ? head.number : latest.number
    const first = head === undefined ? start : later(start, seen + 1n - depth)
    const current: event[] = []
    await scanLogs(
      client,
      filters.map((topics) => ({ address: at.contract, topics })),
      { fromBlock: first, toBlock: latest.number },
      blockRange,
      (logs) => {
        current.push(...logs.map((log) => read(log, at)).filter((event) => event !== undefined))
      },
    )
    const { added, removed, window } = moveWindow(told, current, first)
    told = window
    head = latest
    for (const event of removed) tell(() => onEvent({ ...event, removed: true }))
    for (const event of added) tell(() => onEvent({ ...event, removed: false }))
    tell(() => onBlock?.(latest))
  }

  const tellError = (error: unknown) => {
    if (!stopped) onError?.(walletError(error, contextOf(client, product)))
  }

  /** A listener that throws must not keep the others, nor the next event, from being told. */
  const tell = (listener: () => void) => {
    if (stopped) return
    try {
      listener()
    } catch (error) {
      tellError(error)
    }
  }

  const lookOnce = async () => {
    if (stopped || looking) {
      lookAgain = looking
      return
    }
    looking = true
    await look().catch(tellError)
    looking = false
    if (!lookAgain) return
    lookAgain = false
    await lookOnce()
  }

  const unwatch = watchBlockNumber(client, {
    pollingInterval: parameters.pollingIntervalMs ?? client.pollingInterval,
    onBlockNumber: () => void lookOnce(),
    onError: (error) => {
      tellError(error)
    },
  })
  void lookOnce()
  return () => {
    stopped = true
    unwatch()
  }
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
