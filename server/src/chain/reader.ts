import { ContractFunctionZeroDataError, BaseError, type Client } from 'viem'
import { getBlock, getChainId, getCode, readContract } from 'viem/actions'
import { SluiceError, type ChannelState, type Deployment, type Hex } from '@sluice/sdk'
import { streamChannelsAbi } from '@sluice/sdk/abi'
import type { ChainView } from '@sluice/sdk/session'
import { asking, rpcUnreachable } from './rpc.js'

/** The newest block a node knows. */
export type Head = {
  readonly number: bigint
  readonly hash: Hex
  /** Second the block was made. */
  readonly timestamp: number
  /** Wei. */
  readonly baseFeePerGas: bigint
}

/** A {@link ChainView} that also tells where the chain stands. */
export type ChainReader = ChainView & {
  /** The newest block. Rejects while the node is behind what it, or another behind the same address, showed before. */
  readonly head: () => Promise<Head>
  /** The hash of a block on the chain; undefined when the chain is shorter. */
  readonly blockHash: (number: bigint) => Promise<Hex | undefined>
  /** A channel's state at the end of a block. */
  readonly stateAt: (channelId: Hex, blockNumber: bigint) => Promise<ChannelState>
}

/** What the contract says of a channel that was never opened. */
export const unopened: ChannelState = {
  deposited: 0n,
  claimed: 0n,
  openedAt: 0,
  closeRequestedAt: 0,
  closed: false,
}

/** Blocks whose hashes are remembered to tell a node that lags from a chain that was reorganised. */
const memory = 512n

/**
 * Reads channels through a node that may lag, answer out of order from several machines, or sit on another chain.
 * What it cannot notice is a node that lies consistently: for that, run your own.
 *
 * @param parameters
 * - `client`: any viem client
 * - `deployment`: the chain and contract that are meant
 */
export function createChainView(parameters: {
  readonly client: Client
  readonly deployment: Deployment
}): ChainReader {
  const { client, deployment } = parameters
  const { contract, chainId } = deployment
  const seen = new Map<bigint, Hex>()
  let highest = -1n
  let chainChecked = false

  async function requireChain(): Promise<void> {
    if (chainChecked) return
    const found = await asking('eth_chainId', () => getChainId(client))
    if (found !== chainId) {
      throw new SluiceError({
        code: 'wrong-chain',
        message: 'The blockchain node belongs to another chain.',
        details: `the node is on chain ${found}, expected ${chainId}`,
        action: 'switch-chain',
      })
    }
    chainChecked = true
  }

  async function head(): Promise<Head> {
    await requireChain()
    // Answers to questions asked at the same time may overtake one another: only what was seen before asking counts.
    const before = highest
    const block = await asking('eth_getBlockByNumber latest', () => getBlock(client, { blockTag: 'latest' }))
    if (block.number < before) await requireReorganised(block.number, block.hash, before)
    remember(block.number, block.hash, block.number < before)
    // Known at no cost, and enough to recognise the shortest reorganisation right after the start.
    if (block.number > 0n) seen.set(block.number - 1n, block.parentHash)
    return {
      number: block.number,
      hash: block.hash,
      timestamp: Number(block.timestamp),
      baseFeePerGas: block.baseFeePerGas ?? 0n,
    }
  }

  /** A head below an earlier one is either a new branch or a node that is behind. Its past tells which. */
  async function requireReorganised(number: bigint, hash: Hex, highestBefore: bigint): Promise<void> {
    let known: bigint | undefined
    for (const each of seen.keys()) if (each <= number && each > (known ?? -1n)) known = each
    if (known !== undefined) {
      const now = known === number ? hash : await blockHash(known)
      if (now !== seen.get(known)) return
    }
    throw rpcUnreachable(`the node is at block ${number}, block ${highestBefore} was seen before`)
  }

  function remember(number: bigint, hash: Hex, isShorterBranch: boolean): void {
    const isOtherBranch = isShorterBranch || (seen.get(number) ?? hash) !== hash
    for (const each of seen.keys()) {
      if ((isOtherBranch && each > number) || each <= number - memory) seen.delete(each)
    }
    seen.set(number, hash)
    highest = isOtherBranch || number > highest ? number : highest
  }

  async function blockHash(number: bigint): Promise<Hex | undefined> {
    await requireChain()
    const block = await asking(`eth_getBlockByNumber ${number}`, () =>
      client.request({ method: 'eth_getBlockByNumber', params: [`0x${number.toString(16)}`, false] }),
    )
    return block?.hash ?? undefined
  }

  async function stateAt(channelId: Hex, blockNumber: bigint): Promise<ChannelState> {
    await requireChain()
    if (blockNumber < 0n) return unopened
    const answer = await asking(`channelState of ${channelId} at block ${blockNumber}`, async () => {
      try {
        return await readContract(client, {
          address: contract,
          abi: streamChannelsAbi,
          functionName: 'channelState',
          args: [channelId],
          blockNumber,
        })
      } catch (error) {
        const isEmpty =
          error instanceof BaseError && error.walk((e) => e instanceof ContractFunctionZeroDataError)
        if (isEmpty) await requireContract()
        if (isEmpty) return undefined
        throw error
      }
    })
    // The contract exists now and did not then.
    if (answer === undefined) return unopened
    const [deposited, claimed, openedAt, closeRequestedAt, closed] = answer
    if (claimed > deposited || (openedAt === 0 && deposited !== 0n)) {
      throw rpcUnreachable(
        `channel ${channelId} cannot have ${claimed} claimed of ${deposited}, opened ${openedAt}`,
      )
    }
    return { deposited, claimed, openedAt, closeRequestedAt, closed }
  }

  async function requireContract(): Promise<void> {
    const code = await getCode(client, { address: contract })
    if (code !== undefined && code !== '0x') return
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'There is no payment contract at the configured address.',
      details: `no code at ${contract} on chain ${chainId}`,
    })
  }

  return {
    head,
    blockHash,
    stateAt,
    async channelState(channelId, confirmations) {
      const { number } = await head()
      return await stateAt(channelId, number - BigInt(confirmations - 1))
    },
  }
}
