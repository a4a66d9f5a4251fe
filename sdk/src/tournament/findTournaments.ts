import { padHex, type Log } from 'viem'
import { getBlockNumber } from 'viem/actions'
import { tournamentsAddresses } from '../addresses.js'
import { contextOf, resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { scanLogs, type LogFilter } from '../chain/logs.js'
import { walletError } from '../chain/walletErrors.js'
import type { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex } from '../types.js'
import { createdTopic, joinedTopic, sponsoredTopic } from './events.js'
import { tournaments } from './product.js'
import { rebuildTournaments, type RebuiltTournament, type RebuiltTournaments } from './rebuild.js'
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './snapshot.js'

/**
 * Rebuilds every tournament of an account, or certain tournaments, from the chain alone, with everybody who plays and
 * everything that was paid. Goes on where an earlier search ended: keep its `cursor` and pass it on.
 *
 * @param client any viem client
 * @param parameters whose tournaments (those it hosts, plays in or sponsors) or which, and where to go on
 * @returns the tournaments, and a text to keep for the next search
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`; `invalid-argument` when the cursor is damaged or another search's
 *
 * @example
 * ```ts
 * import type { Address, PublicClient } from 'viem'
 * import { findTournaments } from '@sluice/sdk/tournament'
 *
 * async function look(client: PublicClient, account: Address, storage: Storage) {
 *   const cursor = storage.getItem('tournaments') ?? undefined
 *   const found = await findTournaments(client, { account, cursor })
 *   storage.setItem('tournaments', found.cursor)
 *   return found.tournaments.filter(({ stage }) => stage !== 'paid')
 * }
 * ```
 */
export async function findTournaments(
  client: ChainClient,
  parameters: findTournaments.Parameters,
): Promise<findTournaments.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, tournaments)
  const { depth = 64n, cursor } = parameters
  const subject = subjectOf(parameters)
  const first = parameters.fromBlock ?? tournamentsAddresses[deployment.chainId]?.block ?? 0n
  const before: Snapshot =
    cursor === undefined ? { nextBlock: first, tournaments: {} } : decodeSnapshot(cursor, deployment, subject)
  const toBlock = parameters.toBlock ?? (await latestBlock(client))
  // What a reorganisation may still undo is told, but not kept.
  const settled = toBlock - depth
  const search: Search = { client, deployment, parameters, first }
  const kept = settled < before.nextBlock ? before : await advance(search, before, settled)
  const told = await advance(search, kept, toBlock)
  return {
    tournaments: Object.values(told.tournaments),
    cursor: encodeSnapshot(deployment, subject, kept),
  }
}

export declare namespace findTournaments {
  type Which =
    | { readonly account: Address; readonly tournamentIds?: undefined }
    | { readonly tournamentIds: readonly Hex[]; readonly account?: undefined }
  type Parameters = ReadParameters &
    Which & {
      /** What an earlier search for the same returned. */
      readonly cursor?: string | undefined
      /** First block to search; default: the contract's own where it is known, else 0. */
      readonly fromBlock?: bigint | undefined
      /** Last block to search; default: the latest. */
      readonly toBlock?: bigint | undefined
      /** Blocks in one request; default 5,000. Halved as often as the node refuses. */
      readonly blockRange?: bigint | undefined
      /** Blocks a reorganisation may undo; default 64. */
      readonly depth?: bigint | undefined
      /** Told after each request. */
      readonly onProgress?:
        ((progress: { readonly block: bigint; readonly toBlock: bigint }) => void) | undefined
    }
  type ReturnType = {
    readonly tournaments: readonly RebuiltTournament[]
    readonly cursor: string
  }
  type ErrorType = SluiceError
}

type Search = {
  readonly client: ChainClient
  readonly deployment: Deployment
  readonly parameters: findTournaments.Parameters
  /** Before which there is nothing. */
  readonly first: bigint
}

/** Everything up to a block: first which tournaments there are that were not known, then what happened to all of them. */
async function advance(search: Search, before: Snapshot, toBlock: bigint): Promise<Snapshot> {
  const { nextBlock } = before
  if (toBlock < nextBlock) return before
  const known = Object.keys(before.tournaments) as Hex[]
  const fresh = (await namedSince(search, nextBlock, toBlock)).filter((id) => !known.includes(id))
  // A player may join long after the tournament was created, so what is new is read from the beginning.
  let rebuilt = await follow(search, {}, fresh, search.first, toBlock)
  rebuilt = { ...(await follow(search, before.tournaments, known, nextBlock, toBlock)), ...rebuilt }
  return { nextBlock: toBlock + 1n, tournaments: rebuilt }
}

/** The ids that logs of the account name. */
async function namedSince(search: Search, fromBlock: bigint, toBlock: bigint): Promise<readonly Hex[]> {
  const { account, tournamentIds } = search.parameters
  if (account === undefined) return tournamentIds
  const ids = new Set<Hex>()
  await scan(search, accountFilters(search.deployment.contract, account), fromBlock, toBlock, (logs) => {
    for (const { topics } of logs)
      if (topics[1] !== undefined && concerns(topics, account)) ids.add(topics[1])
  })
  return [...ids]
}

/** Node limits on alternatives in one filter are not known; this many are safe everywhere. */
const idsAtOnce = 100

async function follow(
  search: Search,
  before: RebuiltTournaments,
  ids: readonly Hex[],
  fromBlock: bigint,
  toBlock: bigint,
): Promise<RebuiltTournaments> {
  let rebuilt = before
  for (let index = 0; index < ids.length; index += idsAtOnce) {
    const part = ids.slice(index, index + idsAtOnce)
    const filter: LogFilter = { address: search.deployment.contract, topics: [null, part] }
    await scan(search, [filter], fromBlock, toBlock, (logs) => {
      // A node that ignores a filter must not add somebody else's tournaments.
      const own = logs.filter(({ topics: [, id] }) => id !== undefined && part.includes(id))
      rebuilt = rebuildTournaments(rebuilt, own, search.deployment)
    })
  }
  return rebuilt
}

async function scan(
  { client, parameters }: Search,
  filters: readonly LogFilter[],
  fromBlock: bigint,
  toBlock: bigint,
  onLogs: (logs: readonly Log[]) => void,
): Promise<void> {
  const { blockRange = 5_000n, onProgress } = parameters
  await scanLogs(client, filters, { fromBlock, toBlock }, blockRange, (logs, lastBlock) => {
    onLogs(logs)
    onProgress?.({ block: lastBlock, toBlock })
  })
}

/** Who hosts, plays and sponsors stands in the second place after the id. */
function accountFilters(address: Address, account: Address): readonly LogFilter[] {
  const topic = padHex(account.toLowerCase() as Address, { size: 32 })
  return [{ address, topics: [[createdTopic, joinedTopic, sponsoredTopic], null, topic] }]
}

function concerns(topics: readonly Hex[], account: Address): boolean {
  return topics[2]?.toLowerCase() === padHex(account.toLowerCase() as Address, { size: 32 })
}

function subjectOf({ account, tournamentIds }: findTournaments.Parameters): string {
  return account?.toLowerCase() ?? [...(tournamentIds ?? [])].sort().join()
}

async function latestBlock(client: ChainClient): Promise<bigint> {
  return await getBlockNumber(client, { cacheTime: 0 }).catch((error: unknown) => {
    throw walletError(error, contextOf(client, tournaments))
  })
}
