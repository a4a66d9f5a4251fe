import type { Log } from 'viem'
import type { Hex } from '../types.js'

/** Where in the chain something happened. */
export type EventPlace = {
  readonly blockNumber: bigint
  readonly blockHash: Hex
  readonly transactionHash: Hex
  readonly logIndex: number
}

/**
 * Where a log stands; undefined while it is still pending.
 *
 * @param log as a node tells it
 */
export function placeOfLog({
  blockNumber,
  blockHash,
  transactionHash,
  logIndex,
}: Log): EventPlace | undefined {
  if (blockNumber === null || blockHash === null || transactionHash === null || logIndex === null)
    return undefined
  return { blockNumber, blockHash, transactionHash, logIndex }
}

/** What changed since the last look: events that are new, and events that a reorganisation undid. */
export type WindowChange<event extends EventPlace> = {
  readonly added: readonly event[]
  readonly removed: readonly event[]
}

/** The events of the latest blocks that were told, by place. */
export type EventWindow<event extends EventPlace> = ReadonlyMap<string, event>

/**
 * Compares what was told with what the chain says now.
 *
 * An event that was told and is gone was undone, newest first; one that stands in another block was undone there and
 * happened here.
 *
 * @param told what was told before
 * @param current every event from `fromBlock` on, as the chain tells it now; one that is there twice counts once
 * @param fromBlock first block of `current`; events told from earlier ones are final and forgotten
 */
export function moveWindow<event extends EventPlace>(
  told: EventWindow<event>,
  current: readonly event[],
  fromBlock: bigint,
): WindowChange<event> & { readonly window: EventWindow<event> } {
  const window = new Map(current.map((event) => [placeOf(event), event]))
  const removed = [...told.values()]
    .filter((event) => event.blockNumber >= fromBlock && !window.has(placeOf(event)))
    .sort((a, b) => inOrder(b, a))
  const added = [...window.values()].filter((event) => !told.has(placeOf(event))).sort(inOrder)
  return { added, removed, window }
}

function placeOf({ blockHash, logIndex }: EventPlace): string {
  return `${blockHash}:${logIndex}`
}

/** Sorts what happened in the order of the chain. */
export function inOrder(a: EventPlace, b: EventPlace): number {
  return Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex
}
