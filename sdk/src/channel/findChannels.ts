import { padHex } from 'viem'
import { streamChannelsAddresses } from '../addresses.js'
import type { SluiceError } from '../errors.js'
import type { Address, Channel, ChannelState, Hex } from '../types.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { streamChannels } from './product.js'
import { openedTopic, readEvent, type ChannelEvent } from './events.js'
import { readState, statusOf, type ChannelStatus } from './getChannel.js'
import { inOrder } from '../chain/eventWindow.js'
import { latestBlock, scanLogs, type LogFilter } from '../chain/logs.js'

/**
 * Rebuilds every channel of an account from the chain alone: the terms from the event that opened it, checked against
 * their own hash, and the state as the contract tells it now.
 *
 * @param client any viem client
 * @param parameters the account, its role, and the blocks to search
 * @returns the channels in the order in which they were opened, and the block to go on from next time
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`, `invalid-argument`
 *
 * @example
 * ```ts
 * import type { Address, PublicClient } from 'viem'
 * import { findChannels } from '@sluice/sdk/channel'
 *
 * async function forgotten(client: PublicClient, payer: Address) {
 *   const { channels } = await findChannels(client, { account: payer, role: 'payer' })
 *   return channels.filter(({ status, deposited, claimed }) => status !== 'closed' && deposited > claimed)
 * }
 * ```
 */
export async function findChannels(
  client: ChainClient,
  parameters: findChannels.Parameters,
): Promise<findChannels.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, streamChannels)
  const { account, role = 'any', blockRange = 5_000n, onProgress } = parameters
  const toBlock = parameters.toBlock ?? (await latestBlock(client))
  const fromBlock = parameters.fromBlock ?? streamChannelsAddresses[deployment.chainId]?.block ?? 0n
  const found = new Map<Hex, OpenedEvent>()
  await scanLogs(
    client,
    filtersFor(deployment.contract, account, role),
    { fromBlock, toBlock },
    blockRange,
    (logs, lastBlock) => {
      for (const log of logs) {
        const event = readEvent(log, deployment)
        if (event?.type === 'opened' && concerns(event.channel, account, role))
          found.set(event.channelId, event)
      }
      onProgress?.({ block: lastBlock, toBlock, found: found.size })
    },
  )
  const channels: FoundChannel[] = []
  for (const event of [...found.values()].sort(inOrder)) {
    const { channelId, channel, blockNumber: openedBlock, transactionHash } = event
    const state = await readState(client, deployment, channelId)
    channels.push({ channelId, channel, ...state, status: statusOf(state), openedBlock, transactionHash })
  }
  return { channels, cursor: toBlock < fromBlock ? fromBlock : toBlock + 1n }
}

/** A channel as the chain tells it. */
export type FoundChannel = ChannelState & {
  readonly channelId: Hex
  readonly channel: Channel
  readonly status: ChannelStatus
  /** The block that opened it. */
  readonly openedBlock: bigint
  /** The transaction that opened it. */
  readonly transactionHash: Hex
}

export declare namespace findChannels {
  type Role = 'payer' | 'payee' | 'any'
  type Progress = { readonly block: bigint; readonly toBlock: bigint; readonly found: number }
  type Parameters = ReadParameters & {
    readonly account: Address
    /** Default `any`. */
    readonly role?: Role | undefined
    /** First block to search; default: the contract's own where it is known, else 0. Pass an earlier `cursor` here. */
    readonly fromBlock?: bigint | undefined
    /** Last block to search; default: the latest. */
    readonly toBlock?: bigint | undefined
    /** Blocks in one request; default 5,000. Halved as often as the node refuses. */
    readonly blockRange?: bigint | undefined
    /** Told after each request. */
    readonly onProgress?: ((progress: Progress) => void) | undefined
  }
  type ReturnType = {
    readonly channels: readonly FoundChannel[]
    /** The first block that was not searched. */
    readonly cursor: bigint
  }
  type ErrorType = SluiceError
}

type OpenedEvent = Extract<ChannelEvent, { type: 'opened' }>

function filtersFor(address: Address, account: Address, role: findChannels.Role): readonly LogFilter[] {
  const topic = padHex(account, { size: 32 })
  const asPayer: LogFilter = { address, topics: [openedTopic, null, topic] }
  const asPayee: LogFilter = { address, topics: [openedTopic, null, null, topic] }
  return role === 'payer' ? [asPayer] : role === 'payee' ? [asPayee] : [asPayer, asPayee]
}

/** A node that ignores a filter must not add somebody else's channels. */
function concerns({ payer, payee }: Channel, account: Address, role: findChannels.Role): boolean {
  const wanted = account.toLowerCase()
  return (
    (role !== 'payee' && payer.toLowerCase() === wanted) ||
    (role !== 'payer' && payee.toLowerCase() === wanted)
  )
}
