import type { Log } from 'viem'
import type { Address, Hex } from '../types.js'
import type { ChainClient } from './context.js'
import { getRawLogs, scanPieces, type BlockRange, type LogFilter } from './logs.js'

/** What to look for: things of a contract that an account has to do with, and then everything about these. */
export type RelatedSearch = {
  readonly contract: Address
  /** Which logs show a thing that the account has to do with. */
  readonly roots: readonly LogFilter['topics'][]
  /** Which logs are about any of some things. */
  readonly about: (ids: readonly Hex[]) => readonly LogFilter['topics'][]
  /** Ids that are known already. */
  readonly known: Iterable<Hex>
  /** The ids that a log makes known; none when it is somebody else's. */
  readonly idsOf: (log: Log) => readonly Hex[]
}

/** Ids in one request: nodes limit how long a filter may be. */
const idsAtOnce = 100

/**
 * Reads, piece by piece, the logs that show new things of an account and all logs about these and the ones known
 * before, each once and in the order of the chain.
 *
 * @param client any viem client
 * @param search what to look for
 * @param range of blocks
 * @param pieceLength blocks in one request at most
 * @param onPiece told the logs of each piece, and its last block
 */
export async function scanRelatedLogs(
  client: ChainClient,
  search: RelatedSearch,
  range: BlockRange,
  pieceLength: bigint,
  onPiece: (logs: readonly Log[], lastBlock: bigint) => void,
): Promise<void> {
  const known = new Set(search.known)
  const read = async (piece: BlockRange): Promise<readonly Log[]> => {
    const found = new Map<string, Log>()
    const get = async (topics: LogFilter['topics']) => {
      for (const log of await getRawLogs(client, { address: search.contract, topics }, piece)) {
        found.set(`${log.blockHash}:${log.logIndex}`, log)
        for (const id of search.idsOf(log)) known.add(id)
      }
    }
    await Promise.all(search.roots.map(get))
    // A log about one thing may name another, such as the plan that a subscription changed to.
    const asked = new Set<Hex>()
    for (;;) {
      const ids = [...known].filter((id) => !asked.has(id))
      if (ids.length === 0) return [...found.values()].sort(byPlace)
      for (let start = 0; start < ids.length; start += idsAtOnce) {
        await Promise.all(search.about(ids.slice(start, start + idsAtOnce)).map(get))
      }
      for (const id of ids) asked.add(id)
    }
  }
  await scanPieces(client, range, pieceLength, read, onPiece)
}

function byPlace(a: Log, b: Log): number {
  return Number((a.blockNumber ?? 0n) - (b.blockNumber ?? 0n)) || (a.logIndex ?? 0) - (b.logIndex ?? 0)
}
