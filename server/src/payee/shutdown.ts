import type { Clock, PayeeHub } from '@sluice/sdk/session'
import type { Watcher } from '../chain/watcher.js'
import type { OpenStreams } from '../http/payment/openStreams.js'
import type { Logger } from '../log.js'
import type { Settler } from '../settlement/settler.js'
import type { ServerStore } from '../store/ports.js'
import type { WsSessions } from '../ws/sessions.js'
import type { Feeds } from './feed.js'
import type { Settling } from './settling.js'
import { within } from './timeLimit.js'

export type ShutdownParameters = {
  readonly sessions: WsSessions
  readonly streams: OpenStreams
  readonly feeds: Feeds
  readonly hub: PayeeHub
  readonly watcher: Watcher
  readonly settler: Settler
  readonly settling: Settling
  readonly store: ServerStore
  /** Whether the store is closed as well. */
  readonly ownsStore: boolean
  readonly settle: boolean
  readonly clock: Clock
  readonly limitMs: number
  readonly logger: Logger
  /** Frees what else was taken. */
  readonly release: () => void
}

/** What is kept for cutting off and for the disk, milliseconds. */
const reserveMs = 500

/** Stops a payee, in the order in which nothing is lost: no step waits longer than the deadline allows. */
export async function shutDown(parameters: ShutdownParameters, reason: string): Promise<void> {
  const { sessions, streams, feeds, hub, watcher, settler, settling, store, clock, logger } = parameters
  const deadlineMs = clock.now() + parameters.limitMs
  const attempt = async (what: string, work: Promise<unknown>): Promise<void> => {
    try {
      const left = Math.max(0, deadlineMs - reserveMs - clock.now())
      const done = await within(
        clock,
        left,
        work.then(() => true),
      )
      if (done === undefined) logger.warn({ what }, 'stopping did not wait any longer')
    } catch (error) {
      logger.error({ err: error, what }, 'a step of stopping failed')
    }
  }

  logger.info({ reason }, 'stopping')
  sessions.refuse()
  feeds.stop()
  await attempt('metered answers', streams.end())
  await attempt('receipts', Promise.all(hub.sessions().map((session) => session.channel.pause())))
  const farewell = sessions.end(reason)
  await attempt('goodbyes', farewell.gone)
  farewell.hurry()
  hub.stop()
  sessions.stop()
  settling.stop()
  if (parameters.settle) await attempt('settlement', settler.settle(undefined, { earnedOnly: true }))
  await attempt('watcher', watcher.stop())
  await attempt('settler', settler.stop())
  parameters.release()
  await store.flush()
  if (parameters.ownsStore) await store.close()
  logger.info({ reason }, 'stopped')
}
