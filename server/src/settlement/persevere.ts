import { SluiceError } from '@sluice/sdk'
import type { ChainReader } from '../chain/reader.js'

/**
 * Does one piece of work after another although some fail, as long as the others can work at all.
 *
 * @param parameters
 * - `failed`: told what went wrong with a piece while the node answered
 * @throws SluiceError `store-failed`, after which nothing may be sent, and `rpc-unreachable` when a piece failed because
 * the node answers nobody: the others would only wait for it one after another
 */
export async function persevere<Piece>(parameters: {
  readonly pieces: readonly Piece[]
  readonly work: (piece: Piece) => Promise<void>
  readonly failed: (piece: Piece, error: Error) => void
  readonly chain: Pick<ChainReader, 'head'>
}): Promise<void> {
  const { pieces, work, failed, chain } = parameters
  for (const piece of pieces) {
    try {
      await work(piece)
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'store-failed') throw error
      await chain.head()
      failed(piece, error instanceof Error ? error : new Error(String(error)))
    }
  }
}
