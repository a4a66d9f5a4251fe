import { getBlock, watchBlockNumber } from 'viem/actions'
import type { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'
import { contextOf, resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { streamChannels } from './product.js'
import { channelEventTopics, readEvent, type ChannelEvent } from './events.js'
import { moveWindow, type EventWindow } from '../chain/eventWindow.js'
import { scanLogs } from '../chain/logs.js'
import { walletError } from '../chain/walletErrors.js'

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
  const { onEvent, onError, onBlock, depth = 64n, blockRange = 5_000n } = parameters
  const topics = [channelEventTopics, parameters.channelId ?? null]
  let deployment: Deployment | undefined
  let start = parameters.fromBlock
  let told: EventWindow<ChannelEvent> = new Map()
  let head: watchChannel.Block | undefined
  let stopped = false
  let looking = false
  let lookAgain = false

  const look = async () => {
    deployment ??= await resolveDeployment(client, parameters, streamChannels)
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
    head = latest
    for (const event of removed) tell(() => onEvent({ ...event, removed: true }))
    for (const event of added) tell(() => onEvent({ ...event, removed: false }))
    tell(() => onBlock?.(latest))
  }

  const tellError = (error: unknown) => {
    if (!stopped) onError?.(walletError(error, contextOf(client, streamChannels)))
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
    /** How often to ask for a new block where there is no subscription, milliseconds; default: the client's. */
    readonly pollingIntervalMs?: number | undefined
  }
  type ReturnType = () => void
  type ErrorType = SluiceError
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
