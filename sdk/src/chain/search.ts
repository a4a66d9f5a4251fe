import type { DeployedAt } from '../addresses.js'
import { SluiceError } from '../errors.js'
import type { ChainClient } from './context.js'
import { latestBlock, type BlockRange } from './logs.js'

/** Which blocks a search goes through. */
export type SearchParameters = {
  /** First block to search; default: where `since` ended, else the contract's own where it is known, else 0. */
  readonly fromBlock?: bigint | undefined
  /** Last block to search; default: the latest, or earlier by `confirmations`. */
  readonly toBlock?: bigint | undefined
  /**
   * How many blocks, its own included, a block must be deep to be searched; default 1: the latest is. What is kept for
   * the next search should be so deep that no reorganisation undoes it.
   */
  readonly confirmations?: number | undefined
  /** Blocks in one request; default 5,000. Halved as often as the node refuses. */
  readonly blockRange?: bigint | undefined
  /** Told after each request. */
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined
}

/** How far a search has come. */
export type SearchProgress = { readonly block: bigint; readonly toBlock: bigint; readonly found: number }

/**
 * The blocks that a search goes through, and the first one after them.
 *
 * @param client any viem client
 * @param parameters of the search
 * @param cursor where the last one ended
 * @param deployed where the contract is, when that is known
 */
export async function searchedBlocks(
  client: ChainClient,
  parameters: SearchParameters,
  cursor: bigint | undefined,
  deployed: DeployedAt | undefined,
): Promise<BlockRange & { readonly cursor: bigint; readonly pieceLength: bigint }> {
  const { confirmations = 1, blockRange: pieceLength = 5_000n } = parameters
  if (!Number.isInteger(confirmations) || confirmations < 1) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'A block is at least one block deep.',
      details: `confirmations ${confirmations}, expected 1 or more`,
    })
  }
  const fromBlock = parameters.fromBlock ?? cursor ?? deployed?.block ?? 0n
  const toBlock = parameters.toBlock ?? (await latestBlock(client)) + 1n - BigInt(confirmations)
  return { fromBlock, toBlock, cursor: toBlock < fromBlock ? fromBlock : toBlock + 1n, pieceLength }
}
