import type { Hex } from '@sluice/sdk'
import type { Clock, PayeeSession } from '@sluice/sdk/session'

/** One piece of a feed. */
export type FeedPiece = {
  /**
   * Metering units it counts for: milliseconds, at most as many bytes as its frame has, or one request. A payer that is
   * told more than it sees stops paying.
   */
  readonly units: bigint
  /** Anything JSON can hold, at most 1 MB as text. */
  readonly payload: unknown
}

/**
 * Makes the pieces for one session. It is asked for the next one only while the gate is open and the client keeps up, so
 * a live source never piles up. `signal` is aborted when the session leaves.
 */
export type FeedSource = (session: PayeeSession, signal: AbortSignal) => AsyncIterable<FeedPiece>

export type Feeds = {
  /** Sells a source to every session from now on; the returned function ends that. */
  readonly add: (source: FeedSource, current: readonly PayeeSession[]) => () => void
  readonly joined: (session: PayeeSession) => void
  readonly left: (session: PayeeSession) => void
  /** The gate of a channel opened. */
  readonly opened: (channelId: Hex) => void
  readonly stop: () => void
}

export type FeedsParameters = {
  readonly clock: Clock
  /** Bytes waiting for a client above which it is sent nothing more. */
  readonly slowBytes: number
  /** A source threw; its session gets nothing more. */
  readonly onFault: (error: unknown) => void
}

/**
 * How long a paused session waits until it asks again, milliseconds. The opening of the gate wakes it at once; what has
 * no event of its own, such as a viewer that plays again or a socket that drained, is noticed by asking.
 */
const askAgainMs = 200

/** Sells feeds on the sessions' own connections. */
export function createFeeds(parameters: FeedsParameters): Feeds {
  const { clock, slowBytes, onFault } = parameters
  const sources = new Set<FeedSource>()
  const running = new Map<PayeeSession, Map<FeedSource, AbortController>>()
  const paused = new Map<Hex, Set<() => void>>()

  function start(source: FeedSource, session: PayeeSession): void {
    const controller = new AbortController()
    const all = running.get(session) ?? new Map<FeedSource, AbortController>()
    running.set(session, all.set(source, controller))
    run(source, session, controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) onFault(error)
    })
  }

  async function run(source: FeedSource, session: PayeeSession, signal: AbortSignal): Promise<void> {
    const pieces = source(session, signal)[Symbol.asyncIterator]()
    try {
      while (await ready(session, signal)) {
        const next = await pieces.next()
        if (next.done === true) return
        if (!(await send(session, next.value, signal))) return
      }
    } finally {
      await pieces.return?.()
    }
  }

  /** Waits until the session may be sent something; false when it is over. */
  async function ready(session: PayeeSession, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const { phase, viewerPlaying } = session.channel.state()
      const isOpen = viewerPlaying && (phase === 'paid' || phase === 'credit')
      if (isOpen && session.bufferedBytes() <= slowBytes) return true
      await pause(session, signal)
    }
    return false
  }

  /** Sends a piece once it is paid; offers it again until then. */
  async function send(session: PayeeSession, piece: FeedPiece, signal: AbortSignal): Promise<boolean> {
    while (await ready(session, signal)) {
      if (await session.sendData(piece.units, piece.payload)) return true
      await pause(session, signal)
    }
    return false
  }

  function pause(session: PayeeSession, signal: AbortSignal): Promise<void> {
    const { channelId } = session.channel.record()
    return new Promise((resolve) => {
      const set = paused.get(channelId) ?? new Set()
      paused.set(channelId, set)
      const wake = (): void => {
        cancel()
        signal.removeEventListener('abort', wake)
        set.delete(wake)
        if (set.size === 0 && paused.get(channelId) === set) paused.delete(channelId)
        resolve()
      }
      const cancel = clock.schedule(askAgainMs, wake)
      set.add(wake)
      if (signal.aborted) wake()
      else signal.addEventListener('abort', wake)
    })
  }

  return {
    add: (source, current) => {
      sources.add(source)
      for (const session of current) start(source, session)
      return () => {
        sources.delete(source)
        for (const all of running.values()) all.get(source)?.abort()
      }
    },
    joined: (session) => {
      for (const source of sources) start(source, session)
    },
    left: (session) => {
      for (const controller of running.get(session)?.values() ?? []) controller.abort()
      running.delete(session)
    },
    opened: (channelId) => {
      for (const wake of [...(paused.get(channelId) ?? [])]) wake()
    },
    stop: () => {
      for (const all of running.values()) for (const controller of all.values()) controller.abort()
      running.clear()
    },
  }
}
