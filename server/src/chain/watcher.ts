import type { Client } from 'viem'
import type { Address, ChannelState, Deployment, Hex } from '@sluice/sdk'
import type { Clock, PayeeRecord } from '@sluice/sdk/session'
import { reasonOf } from '../store/failures.js'
import type { MetaStore } from '../store/ports.js'
import { advance, decodeCursor, encodeCursor, rewind, tip, type Cursor } from './cursor.js'
import { silentLog, type Log } from './log.js'
import type { ChainReader, Head } from './reader.js'
import { cautious, chainStateOf, sameState } from './record.js'
import { findTouched } from './touched.js'

type Told = (channelId: Hex, state: ChannelState) => void | Promise<void>

/**
 * Hears what changed on the chain. `state` is what is true now, not what an event said: `deposited` and `claimed` as
 * deep as the payee asks for and never above the newest block's, `closeRequestedAt` and `closed` of the newest block.
 * After a reorganisation it may be less than what was told before: `deposited` lower, `closeRequestedAt` zero again,
 * `closed` false again. When a listener rejects, it is told again.
 */
export type WatchListener = {
  /** `deposited` or `openedAt` changed. */
  readonly onDeposited: Told
  /** `closeRequestedAt` changed. */
  readonly onCloseRequested: Told
  /** `claimed` changed. */
  readonly onClaimed: Told
  /** `closed` changed. */
  readonly onClosed: Told
}

export type WatcherHealth = {
  /** The newest block that was taken in; undefined before the first. */
  readonly block: bigint | undefined
  /** Milliseconds since 1970 of the last successful look; undefined before the first. */
  readonly lookedAtMs: number | undefined
  /** Why the last look failed; undefined when it did not. */
  readonly problem: string | undefined
}

export type Watcher = {
  /** Catches up from the stored cursor, then looks every `pollMs` until stopped. Resolves after the first look. */
  readonly start: () => Promise<void>
  /** Resolves when nothing runs any more. */
  readonly stop: () => Promise<void>
  /** Looks once now. Rejects with `rpc-unreachable` and is then where it was before. */
  readonly poll: () => Promise<void>
  /** Looks after a channel that a payer named before its opening was seen. */
  readonly watch: (channelId: Hex) => void
  readonly health: () => WatcherHealth
}

export type WatcherParameters = {
  readonly client: Client
  readonly chain: ChainReader
  readonly deployment: Deployment
  readonly payee: Address
  /** Keeps the cursor under `watcher`. */
  readonly meta: MetaStore
  /** The channels that are not closed, as stored; what differs from the chain is told. */
  readonly known: () => Promise<readonly PayeeRecord[]>
  /** The contract's first block, for the first start. */
  readonly fromBlock: bigint
  readonly clock: Clock
  readonly listener: WatchListener
  /** Blocks a deposit must be deep, default 1: the newest block counts. */
  readonly confirmations?: number
  /** Milliseconds between looks, default 1,000. */
  readonly pollMs?: number
  /** Milliseconds between readings of every known channel, for events a node failed to show. Default 10 minutes. */
  readonly sweepEveryMs?: number
  readonly log?: Log
}

/** Blocks whose events are read again, because nodes show a block before its events. */
const overlap = 3n
/** Blocks after which a closed channel is no longer looked after. */
const settledAfter = 128n
const readsAtOnce = 8
const cursorKey = 'watcher'

/** Follows every channel of one payee on the chain. */
export function createWatcher(parameters: WatcherParameters): Watcher {
  const { client, chain, deployment, payee, meta, known, fromBlock, clock, listener } = parameters
  const { confirmations = 1, pollMs = 1_000, sweepEveryMs = 600_000, log = silentLog } = parameters

  let cursor: Cursor | undefined
  let running = false
  let cancelTimer: (() => void) | undefined
  let looking: Promise<void> = Promise.resolve()
  let sweptAtMs = -Infinity
  let health: WatcherHealth = { block: undefined, lookedAtMs: undefined, problem: undefined }
  /** What the listener was told last. */
  const told = new Map<Hex, ChannelState>()
  const watched = new Set<Hex>()
  /** Where each channel was last named by an event. */
  const touchedAt = new Map<Hex, bigint>()
  const seenEvents = new Map<string, bigint>()
  /** Channels to read at the next look: new ones, and those whose newest state is not deep enough yet. */
  const due = new Set<Hex>()

  async function look(): Promise<void> {
    const head = await chain.head()
    cursor ??= decodeCursor(await meta.get(cursorKey))
    if (clock.now() - sweptAtMs >= sweepEveryMs) await planSweep()
    await followBranch(head)
    const isNews = cursor === undefined || tip(cursor).hash !== head.hash
    if (isNews) await collectTouched(head)
    await readDue(head)
    if (!isNews) return
    const next = advance(cursor, head)
    await meta.set(cursorKey, encodeCursor(next))
    cursor = next
    forget(head.number)
  }

  async function planSweep(): Promise<void> {
    for (const record of await known()) {
      watched.add(record.channelId)
      due.add(record.channelId)
      if (!told.has(record.channelId)) told.set(record.channelId, chainStateOf(record))
    }
    sweptAtMs = clock.now()
  }

  /** Moves the cursor back when the block it stands on is no longer on the chain. */
  async function followBranch(head: Head): Promise<void> {
    if (cursor === undefined || tip(cursor).hash === head.hash) return
    const before = tip(cursor)
    const back = await rewind(cursor, chain.blockHash)
    if (back !== undefined && tip(back).number === before.number) return
    const from = back === undefined ? fromBlock : tip(back).number + 1n
    log.warn({ from, before, head: head.number }, 'the chain was reorganised')
    // Events of the dropped blocks may not come again, so whatever they named is read anew.
    for (const [channelId, block] of touchedAt) {
      if (block >= from) due.add(channelId)
    }
    cursor = back
  }

  async function collectTouched(head: Head): Promise<void> {
    const next = cursor === undefined ? fromBlock : tip(cursor).number + 1n - overlap
    const from = next < fromBlock ? fromBlock : next
    if (from > head.number) return
    const touches = await findTouched(client, {
      deployment,
      payee,
      watched,
      fromBlock: from,
      toBlock: head.number,
    })
    for (const { channelId, blockNumber, key } of touches) {
      watched.add(channelId)
      if (seenEvents.has(key)) continue
      seenEvents.set(key, blockNumber)
      touchedAt.set(channelId, blockNumber)
      due.add(channelId)
    }
  }

  async function readDue(head: Head): Promise<void> {
    const ids = [...due]
    for (let start = 0; start < ids.length; start += readsAtOnce) {
      await Promise.all(
        ids.slice(start, start + readsAtOnce).map((channelId) => readChannel(channelId, head)),
      )
    }
  }

  async function readChannel(channelId: Hex, head: Head): Promise<void> {
    const latest = await chain.stateAt(channelId, head.number)
    const depth = BigInt(confirmations - 1)
    const confirmed = depth === 0n ? latest : await chain.stateAt(channelId, head.number - depth)
    await tell(channelId, cautious(latest, confirmed))
    if (sameState(latest, confirmed)) due.delete(channelId)
  }

  async function tell(channelId: Hex, state: ChannelState): Promise<void> {
    const before = told.get(channelId) ?? {
      deposited: 0n,
      claimed: 0n,
      openedAt: 0,
      closeRequestedAt: 0,
      closed: false,
    }
    if (sameState(before, state)) return
    if (before.deposited !== state.deposited || before.openedAt !== state.openedAt) {
      await listener.onDeposited(channelId, state)
    }
    if (before.closeRequestedAt !== state.closeRequestedAt) await listener.onCloseRequested(channelId, state)
    if (before.claimed !== state.claimed) await listener.onClaimed(channelId, state)
    if (before.closed !== state.closed) await listener.onClosed(channelId, state)
    told.set(channelId, state)
  }

  /** Lets go of what no reorganisation will bring back. */
  function forget(head: bigint): void {
    for (const [key, block] of seenEvents) {
      if (block + settledAfter < head) seenEvents.delete(key)
    }
    for (const [channelId, block] of touchedAt) {
      if (block + settledAfter >= head) continue
      touchedAt.delete(channelId)
      if (told.get(channelId)?.closed !== true) continue
      watched.delete(channelId)
      told.delete(channelId)
    }
  }

  function poll(): Promise<void> {
    const next = looking.then(async () => {
      try {
        await look()
        health = { block: cursor && tip(cursor).number, lookedAtMs: clock.now(), problem: undefined }
      } catch (error) {
        health = { ...health, problem: reasonOf(error) }
        throw error
      }
    })
    looking = next.catch(() => undefined)
    return next
  }

  async function round(): Promise<void> {
    try {
      await poll()
    } catch (error) {
      log.warn({ problem: reasonOf(error) }, 'could not look at the chain')
    }
    if (running) cancelTimer = clock.schedule(pollMs, () => void round())
  }

  return {
    async start() {
      running = true
      await round()
    },
    async stop() {
      running = false
      cancelTimer?.()
      await looking
    },
    poll,
    watch(channelId) {
      watched.add(channelId)
      due.add(channelId)
    },
    health: () => health,
  }
}
