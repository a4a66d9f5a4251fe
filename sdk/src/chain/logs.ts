import { numberToHex, type Log, formatLog } from 'viem'
import { getBlockNumber } from 'viem/actions'
import { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import { contextOf, type ChainClient } from './context.js'
import { isUnreachable, walletError } from './walletErrors.js'

/** Which logs of one contract: a value or alternatives at each topic's place, null for any. */
export type LogFilter = {
  readonly address: Address
  readonly topics: readonly (Hex | readonly Hex[] | null)[]
}

/** A range of blocks, both ends included. */
export type BlockRange = { readonly fromBlock: bigint; readonly toBlock: bigint }

/**
 * Reads logs by raw topics: viem's `getLogs` takes one event's arguments only.
 *
 * @param client any viem client
 * @param filter which logs
 * @param range of blocks
 */
export async function getRawLogs(client: ChainClient, filter: LogFilter, range: BlockRange): Promise<Log[]> {
  const logs = await client.request({
    method: 'eth_getLogs',
    params: [
      {
        address: filter.address,
        topics: filter.topics.map((topic) =>
          topic === null || typeof topic === 'string' ? topic : [...topic],
        ),
        fromBlock: numberToHex(range.fromBlock),
        toBlock: numberToHex(range.toBlock),
      },
    ],
  })
  return logs.map((log) => formatLog(log))
}

/**
 * Reads logs of a long range piece by piece.
 *
 * @param client any viem client
 * @param filters which logs
 * @param range of blocks
 * @param pieceLength blocks in one request at most
 * @param onPiece told the logs of each piece, in order, and its last block
 * @throws SluiceError see {@link scanPieces}
 */
export async function scanLogs(
  client: ChainClient,
  filters: readonly LogFilter[],
  range: BlockRange,
  pieceLength: bigint,
  onPiece: (logs: readonly Log[], lastBlock: bigint) => void,
): Promise<void> {
  const read = async (piece: BlockRange) =>
    (await Promise.all(filters.map((filter) => getRawLogs(client, filter, piece)))).flat()
  await scanPieces(client, range, pieceLength, read, onPiece)
}

/**
 * Reads a long range piece by piece. When the node refuses a piece as too long, it is asked for halves.
 *
 * @param client any viem client
 * @param range of blocks
 * @param pieceLength blocks in one piece at most
 * @param read what of a piece
 * @param onPiece told what was read of each piece, in order, and its last block
 * @throws SluiceError `rpc-unreachable`, or `internal` with the node's words when even one block is refused
 */
export async function scanPieces(
  client: ChainClient,
  range: BlockRange,
  pieceLength: bigint,
  read: (piece: BlockRange) => Promise<readonly Log[]>,
  onPiece: (logs: readonly Log[], lastBlock: bigint) => void,
): Promise<void> {
  if (pieceLength < 1n) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'The chain cannot be searched in pieces of no blocks.',
      details: `blockRange ${pieceLength}, expected at least 1`,
    })
  }
  let length = pieceLength
  let from = range.fromBlock
  while (from <= range.toBlock) {
    const end = from + length - 1n
    const piece = { fromBlock: from, toBlock: end < range.toBlock ? end : range.toBlock }
    try {
      onPiece(await read(piece), piece.toBlock)
      from = piece.toBlock + 1n
    } catch (error) {
      if (length === 1n || isUnreachable(error)) throw walletError(error, contextOf(client))
      length = (length + 1n) / 2n
    }
  }
}

/**
 * The latest block's number.
 *
 * @param client any viem client
 * @throws SluiceError `rpc-unreachable`
 */
export async function latestBlock(client: ChainClient): Promise<bigint> {
  return await getBlockNumber(client, { cacheTime: 0 }).catch((error: unknown) => {
    throw walletError(error, contextOf(client))
  })
}
