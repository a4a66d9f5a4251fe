import { getBlock, watchBlockNumber } from 'viem/actions'
import type { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'
import { chainNameOf, resolveDeployment, type ChainClient, type ReadParameters } from './context.js'
import { channelEventTopics, readEvent, type ChannelEvent } from './events.js'
import { moveWindow, type EventWindow } from './eventWindow.js'
import { scanLogs } from './logs.js'
import { toSluiceError } from './walletErrors.js'

/**
 * Tells what happens to channels on the chain as it happens, close requests included. An event whose block a
 * reorganisation undid is told again with `removed: true`, newest first, before what took its place. Errors are told and
 * the watch goes on: nothing is missed over an outage of the node or a sleep of the machine.
 *
 * A new block is noticed by subscription where the transport has one, else by polling.
 *
 * @param client any viem client
 * @param parameters which channels, and who is told
 * @returns ends the watch; nothing is told afterwards
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { watchChannel } from '@sluice/sdk/channel'
 *
 * function warn(client: PublicClient, channelId: `0x${string}`) {
 *   return watchChannel(client, {
 *     channelId,
 *     onEvent: (event) => {
 *       if (event.type === 'close-requested' && !event.removed) console.log('claim before', event.withdrawableAt)
 *     },
 *   })
 * }
 * ```
 */
export function watchChannel(
  client: ChainClient,
  parameters: watchChannel.Parameters,
): watchChannel.ReturnType {
  const watch = createWatch(client, parameters)
  return () => {
    watch.stop()
  }
}

export declare namespace watchChannel {
  type Event = ChannelEvent & {
    /** True when a reorganisation undid what was told before. */
    readonly removed: boolean
  }
  type Block = { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint }
  type Parameters = ReadParameters & {
    /** One channel or several; default: every channel of the contract. */
    readonly channelId?: Hex | readonly Hex[] | undefined
    readonly onEvent: (event: Event) => void
    /** Told what went wrong before the next attempt. */
    readonly onError?: ((error: SluiceError) => void) | undefined
    /** Told each new head after its events. */
    readonly onBlock?: ((block: Block) => void) | undefined
    /** First block whose events are told; default: the first one after the watch began. */
    readonly fromBlock?: bigint | undefined
    /** Blocks a reorganisation may undo; default 64. */
    readonly depth?: bigint | undefined
    /** Blocks in one request when catching up; default 5,000. */
    readonly blockRange?: bigint | undefined
    /** Default: the client's. */
    readonly pollingIntervalMs?: number | undefined
    /** Calls `action` once after some milliseconds and returns how to cancel; default: `setTimeout`. */
    readonly schedule?: ((afterMs: number, action: () => void) => () => void) | undefined
  }
  type ReturnType = () => void
  type ErrorType = SluiceError
}

/** The platform's timer, where none is given. */
function platformSchedule(afterMs: number, action: () => void): () => void {
  const timer = setTimeout(action, afterMs)
  return () => {
    clearTimeout(timer)
  }
}

function createWatch(client: ChainClient, parameters: watchChannel.Parameters) {
  const {
    onEvent,
    onError,
    onBlock,
    schedule = platformSchedule,
    depth = 64n,
    blockRange = 5_000n,
  } = parameters
  const topics = [channelEventTopics, parameters.channelId ?? null]
  let deployment: Deployment | undefined
  let start = parameters.fromBlock
  let told: EventWindow = new Map()
  let head: watchChannel.Block | undefined
  let stopped = false
  let looking = false
  let lookAgain = false
  let cancel: () => void = () => undefined

  const stop = () => {
    stopped = true
    cancel()
  }

  const look = async () => {
    deployment ??= await resolveDeployment(client, parameters)
    const at = deployment
    const latest = await getBlock(client)
    if (latest.hash === head?.hash) return
    start ??= latest.number + 1n
    const seen = head !== undefined && head.number < latest.number ? head.number : latest.number
    const first = head === undefined ? start : later(start, seen + 1n - depth)
    const current: ChannelEvent[] = []
    await scanLogs(
      client,
      [{ address: at.contract, topics }],
      { fromBlock: first, toBlock: latest.number },
      blockRange,
      (logs) => {
        current.push(...logs.map((log) => readEvent(log, at)).filter((event) => event !== undefined))
      },
    )
    const { added, removed, window } = moveWindow(told, current, first)
    told = window
    head = { number: latest.number, hash: latest.hash, timestamp: latest.timestamp }
    const tell = (event: ChannelEvent, undone: boolean) => {
      if (!stopped) onEvent({ ...event, removed: undone })
    }
    for (const event of removed) tell(event, true)
    for (const event of added) tell(event, false)
    if (!stopped) onBlock?.(head)
  }

  const lookOnce = async () => {
    if (stopped || looking) {
      lookAgain = looking
      return
    }
    looking = true
    await look().catch((error: unknown) => {
      if (!stopped) onError?.(toSluiceError(error, { chainName: chainNameOf(client) }))
    })
    looking = false
    if (!lookAgain) return
    lookAgain = false
    await lookOnce()
  }

  const poll = async () => {
    await lookOnce()
    if (stopped) return
    cancel = schedule(parameters.pollingIntervalMs ?? client.pollingInterval, () => void poll())
  }

  if (client.transport.type === 'webSocket' || client.transport.type === 'ipc') {
    cancel = watchBlockNumber(client, {
      onBlockNumber: () => void lookOnce(),
      onError: (error) => {
        if (!stopped) onError?.(toSluiceError(error, { chainName: chainNameOf(client) }))
      },
    })
    void lookOnce()
  } else {
    void poll()
  }
  return { stop }
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
