import type { PayeeHub, StandingOffer } from '@sluice/sdk/session'
import type { Watcher } from '../chain/watcher.js'
import type { OpenStreams } from '../http/payment/openStreams.js'
import type { Settler } from '../settlement/settler.js'
import type { WsSessions } from '../ws/sessions.js'
import type { PayeeStatus } from './payee.js'

export type StatusParameters = {
  readonly offer: StandingOffer
  readonly hub: PayeeHub
  readonly sessions: WsSessions
  readonly streams: OpenStreams
  readonly settler: Settler
  readonly watcher: Watcher
  readonly accepted: () => number
  readonly closing: () => boolean
}

/** Where a payee stands. */
export function statusOf(parameters: StatusParameters): PayeeStatus {
  const { offer, hub, sessions, streams, settler, watcher } = parameters
  const { unsettled, deadlines, underWay } = settler.status()
  return {
    connections: sessions.connections(),
    sessions: hub.sessions().length,
    streams: streams.count(),
    accepted: parameters.accepted(),
    unsettled: unsettled.find(({ token }) => token.toLowerCase() === offer.token)?.amount ?? 0n,
    atRisk: deadlines.reduce((sum, { amount }) => sum + amount, 0n),
    pendingTransactions: underWay.length,
    nearestDeadline: deadlines[0],
    block: watcher.health().block,
    closing: parameters.closing(),
  }
}
