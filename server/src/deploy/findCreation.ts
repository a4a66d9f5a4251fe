import { SluiceError } from '@sluice/sdk'
import { type Address, type Hex, isAddressEqual, type PublicClient } from 'viem'
import type { Artifact } from './artifact.js'
import { type Call, creationAddress, creationCall } from './target.js'

/** The block that created a contract, and the transaction when it was an ordinary one. */
export type Creation = {
  readonly block: bigint
  /** Second of that block. */
  readonly timestamp: bigint
  /** Undefined when the creation was a part of some other transaction, such as a multisig's. */
  readonly transaction: Hex | undefined
}

/**
 * Finds the block in which a contract appeared, by halving.
 *
 * @param client reads the chain; for old blocks it must be an archive node
 * @param artifact a contract that is there now
 * @param from a block to begin at; the contract may already be there in it
 * @throws SluiceError `rpc-unreachable` when the node does not keep the history that is needed
 */
export async function findCreation(client: PublicClient, artifact: Artifact, from = 0n): Promise<Creation> {
  const address = creationAddress(artifact)
  let first = from
  let last = await client.getBlockNumber({ cacheTime: 0 })
  while (first < last) {
    const middle = (first + last) / 2n
    if (await hasCode(client, address, middle)) last = middle
    else first = middle + 1n
  }
  const block = await client.getBlock({ blockNumber: first, includeTransactions: true })
  const call = creationCall(artifact)
  const transaction = block.transactions.find(({ to, input }) => makes(call, to, input))
  return { block: first, timestamp: block.timestamp, transaction: transaction?.hash }
}

function makes(call: Call, to: Address | null, input: Hex): boolean {
  return to !== null && isAddressEqual(to, call.to) && input === call.data
}

async function hasCode(client: PublicClient, address: Address, blockNumber: bigint): Promise<boolean> {
  try {
    const code = await client.getCode({ address, blockNumber })
    return code !== undefined && code !== '0x'
  } catch (cause) {
    throw new SluiceError({
      code: 'rpc-unreachable',
      message: 'The contract is there, but this node cannot tell since when. Use an archive node once.',
      details: `eth_getCode of ${address} at block ${blockNumber} failed`,
      retryable: true,
      cause,
    })
  }
}
