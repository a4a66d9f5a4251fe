import type { Client } from 'viem'
import { getTransactionCount } from 'viem/actions'
import type { Hex } from '@sluice/sdk'
import type { ChainReader, Head } from '../chain/reader.js'
import { asking } from '../chain/rpc.js'
import type { Inclusion, OutboxEntry, OutboxStatus } from './outbox.js'

/** What the chain says of a transaction. */
export type Finding = {
  readonly status: OutboxStatus
  readonly inclusion: Inclusion | undefined
  /** Whether its nonce can still be used. */
  readonly isNonceOpen: boolean
}

/**
 * Looks for any attempt of a transaction on the chain.
 *
 * @param parameters `confirmations`: blocks after which what is found is final
 * @throws SluiceError `rpc-unreachable`: then nothing is known, and nothing may be concluded
 */
export async function examine(parameters: {
  readonly client: Client
  readonly chain: ChainReader
  readonly entry: OutboxEntry
  readonly head: Head
  readonly confirmations: number
}): Promise<Finding> {
  const { client, chain, entry, head, confirmations } = parameters
  const depth = BigInt(confirmations)
  for (const { hash } of entry.attempts.toReversed()) {
    const inclusion = await findInclusion(client, hash)
    // A receipt may outlive its block for a moment on a node that is reorganising.
    if (inclusion === undefined || (await chain.blockHash(inclusion.blockNumber)) !== inclusion.blockHash)
      continue
    const isFinal = head.number - inclusion.blockNumber + 1n >= depth
    const outcome = inclusion.success ? 'confirmed' : 'reverted'
    return { status: isFinal ? outcome : 'mined', inclusion, isNonceOpen: false }
  }

  const countAt = (blockNumber: bigint) =>
    asking('eth_getTransactionCount', () =>
      getTransactionCount(client, {
        address: entry.sender,
        blockNumber: blockNumber < 0n ? 0n : blockNumber,
      }),
    )
  const isNonceOpen = (await countAt(head.number)) <= entry.nonce
  const isLost = !isNonceOpen && (await countAt(head.number - depth + 1n)) > entry.nonce
  return { status: isLost ? 'lost' : 'pending', inclusion: undefined, isNonceOpen }
}

async function findInclusion(client: Client, hash: Hex): Promise<Inclusion | undefined> {
  const receipt = await asking('eth_getTransactionReceipt', () =>
    client.request({ method: 'eth_getTransactionReceipt', params: [hash] }),
  )
  if (receipt === null) return undefined
  return {
    hash,
    blockNumber: BigInt(receipt.blockNumber),
    blockHash: receipt.blockHash,
    success: BigInt(receipt.status) === 1n,
    gasUsed: BigInt(receipt.gasUsed),
    effectiveGasPrice: BigInt(receipt.effectiveGasPrice),
  }
}
