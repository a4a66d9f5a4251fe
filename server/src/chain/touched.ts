import { pad, toEventSelector, type Client, type RpcLog } from 'viem'
import type { Address, Deployment, Hex } from '@sluice/sdk'
import { streamChannelsAbi } from '@sluice/sdk/abi'
import { asking } from './rpc.js'

/** A channel that an event names. */
export type Touch = {
  readonly channelId: Hex
  readonly blockNumber: bigint
  /** Names the event: block and position. */
  readonly key: string
}

/** Nodes limit how many values a filter may list. Above this, all events are fetched and sorted out here. */
const filterLimit = 200

const selectors = new Map<string, Hex>(
  streamChannelsAbi.flatMap((item) =>
    item.type === 'event' ? [[item.name, toEventSelector(item)] as const] : [],
  ),
)

function selectorsOf(...names: readonly string[]): Hex[] {
  return names.map((name) => {
    const selector = selectors.get(name)
    if (selector === undefined) throw new Error(`StreamChannels has no event ${name}`)
    return selector
  })
}

const opened = selectorsOf('ChannelOpened')
const others = selectorsOf('ChannelDeposited', 'ChannelClaimed', 'ChannelCloseRequested', 'ChannelClosed')

/**
 * The channels of one payee that events name in a range of blocks. Events only say where to look: what is true of a
 * channel is read from the contract afterwards.
 *
 * @param range inclusive; halved when the node refuses it as too large
 * @param watched channels already known; what is opened in the range is added by the caller
 * @throws SluiceError `rpc-unreachable`
 */
export async function findTouched(
  client: Client,
  parameters: {
    readonly deployment: Deployment
    readonly payee: Address
    readonly watched: ReadonlySet<Hex>
    readonly fromBlock: bigint
    readonly toBlock: bigint
  },
): Promise<Touch[]> {
  const { deployment, payee, watched, fromBlock, toBlock } = parameters
  const fetch = (topics: readonly (Hex | readonly Hex[] | null)[]) =>
    fetchLogs(client, { address: deployment.contract, topics, fromBlock, toBlock })
  const openings = (await fetch([opened, null, null, pad(payee)])).map(touchOf)
  const ids = new Set([...watched, ...openings.map(({ channelId }) => channelId)])
  if (ids.size === 0) return openings
  const rest = await fetch(ids.size <= filterLimit ? [others, [...ids]] : [others])
  return [...openings, ...rest.map(touchOf).filter(({ channelId }) => ids.has(channelId))]
}

function touchOf(log: RpcLog): Touch {
  const [, channelId = '0x'] = log.topics
  return {
    channelId,
    blockNumber: BigInt(log.blockNumber ?? 0),
    key: `${log.blockHash ?? ''}:${log.logIndex ?? ''}`,
  }
}

type Filter = {
  readonly address: Address
  readonly topics: readonly (Hex | readonly Hex[] | null)[]
  readonly fromBlock: bigint
  readonly toBlock: bigint
}

async function fetchLogs(client: Client, filter: Filter): Promise<readonly RpcLog[]> {
  const { address, topics, fromBlock, toBlock } = filter
  try {
    return await asking(`eth_getLogs of blocks ${fromBlock} to ${toBlock}`, () =>
      client.request({
        method: 'eth_getLogs',
        params: [
          {
            address,
            topics: topics.map((topic) => (topic === null || typeof topic === 'string' ? topic : [...topic])),
            fromBlock: `0x${fromBlock.toString(16)}`,
            toBlock: `0x${toBlock.toString(16)}`,
          },
        ],
      }),
    )
  } catch (error) {
    if (fromBlock >= toBlock) throw error
    const middle = (fromBlock + toBlock) / 2n
    const first = await fetchLogs(client, { ...filter, toBlock: middle })
    return [...first, ...(await fetchLogs(client, { ...filter, fromBlock: middle + 1n }))]
  }
}
