import type { ChannelEvent } from './events.js'

/** What changed since the last look: events that are new, and events that a reorganisation undid. */
export type WindowChange = {
  readonly added: readonly ChannelEvent[]
  readonly removed: readonly ChannelEvent[]
}

/** The events of the latest blocks that were told, by place. */
export type EventWindow = ReadonlyMap<string, ChannelEvent>

/**
 * Compares what was told with what the chain says now.
 *
 * An event that was told and is gone was undone, newest first; one that stands in another block was undone there and
 * happened here.
 *
 * @param told what was told before
 * @param current every event from `fromBlock` on, as the chain tells it now
 * @param fromBlock first block of `current`; events told from earlier ones are final and forgotten
 */
export function moveWindow(
  told: EventWindow,
  current: readonly ChannelEvent[],
  fromBlock: bigint,
): WindowChange & { readonly window: EventWindow } {
  const window = new Map(current.map((event) => [placeOf(event), event]))
  const removed = [...told.values()]
    .filter((event) => event.blockNumber >= fromBlock && !window.has(placeOf(event)))
    .sort((a, b) => inOrder(b, a))
  const added = current.filter((event) => !told.has(placeOf(event))).sort(inOrder)
  return { added, removed, window }
}

function placeOf({ blockHash, logIndex }: ChannelEvent): string {
  return `${blockHash}:${logIndex}`
}

function inOrder(a: ChannelEvent, b: ChannelEvent): number {
  return Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex
}
