import type { SluiceError } from '@sluice/sdk'
import type { PayeeHubHooks } from '@sluice/sdk/session'
import type { Waiters } from '../http/payment/waiters.js'
import type { Logger } from '../log.js'
import type { Metrics } from '../metrics.js'
import type { SettlerEvent } from '../settlement/events.js'
import type { Settler } from '../settlement/settler.js'
import type { Emitter } from './emitter.js'
import type { Feeds } from './feed.js'
import type { PayeeEvents } from './payee.js'
import type { Settling } from './settling.js'

export type HooksParameters = {
  readonly emitter: Emitter<PayeeEvents>
  readonly metrics: Metrics
  readonly feeds: Feeds
  readonly waiters: Waiters
  readonly settling: Settling
  readonly settler: Settler
  readonly logger: Logger
  readonly fault: (error: SluiceError) => void
}

/** Tells everyone concerned what happens in sessions and settlement. */
export function createHooks(parameters: HooksParameters): {
  readonly hooks: PayeeHubHooks
  readonly refused: (code: string) => void
  /** Vouchers stored since the start. */
  readonly accepted: () => number
} {
  const { emitter, metrics, feeds, waiters, settling, settler, logger, fault } = parameters
  let accepted = 0

  const refused = (code: string): void => {
    metrics.refused(code)
    emitter.emit('refused', { code })
  }

  settler.on((event) => {
    if (event.type === 'confirmed') settled(event)
    else if (event.type === 'at-risk') {
      metrics.atRisk(event.amount)
      logger.warn(event, 'a deadline nears while money is not on the chain')
      emitter.emit('atRisk', event)
    } else if (event.type === 'error') metrics.interrupted(event.work?.kind ?? 'look')
  })

  function settled(event: Extract<SettlerEvent, { type: 'confirmed' }>): void {
    const { inclusion, purpose } = event.entry
    if (inclusion !== undefined) {
      const { gasUsed, effectiveGasPrice } = inclusion
      const { kind, channels } = purpose
      metrics.settled({ kind, channels: channels.length, gasUsed, feeWei: gasUsed * effectiveGasPrice })
    }
    emitter.emit('settled', event)
  }

  const hooks: PayeeHubHooks = {
    onJoined: (session) => {
      const record = session.channel.record()
      logger.info({ session: session.id, channelId: record.channelId }, 'joined')
      emitter.emit('joined', { session, record })
      feeds.joined(session)
    },
    onLeft: (session) => {
      const record = session.channel.record()
      logger.info({ session: session.id, channelId: record.channelId }, 'left')
      feeds.left(session)
      emitter.emit('left', { session, record })
    },
    onAccepted: (record) => {
      accepted += 1
      settler.noteVoucher(record)
      metrics.accepted()
      waiters.wake(record.channelId)
      emitter.emit('accepted', { record })
    },
    onTip: (tip) => {
      metrics.tipped(tip.amount)
      logger.info({ channelId: tip.channelId, id: tip.id, amount: tip.amount }, 'tipped')
      emitter.emit('tip', tip)
    },
    onGate: (record, open, reason) => {
      if (open) feeds.opened(record.channelId)
      emitter.emit('gate', { record, open, reason })
    },
    onSettle: () => {
      settling.onSettle()
    },
    onClose: (record) => {
      logger.info({ channelId: record.channelId, consent: record.consent }, 'agreed to close')
      settling.onClose(record)
      waiters.wake(record.channelId)
    },
    onFault: fault,
  }
  return { hooks, refused, accepted: () => accepted }
}
