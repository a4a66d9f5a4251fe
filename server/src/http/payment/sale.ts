import type { Hex } from '@sluice/sdk'
import type { Clock, PayeeChannel, Price, StandingOffer, Unit } from '@sluice/sdk/session'
import type { Limits } from '../../limits.js'
import type { Logger } from '../../log.js'
import type { IdempotencyStore } from '../../store/ports.js'
import type { Authorizer } from './authorize.js'
import type { Challenges } from './challenge.js'
import type { Meter } from './meter.js'
import type { OpenStreams } from './openStreams.js'
import type { Waiters } from './waiters.js'

/** What a route costs. */
export type PriceOptions = {
  /** Such as `0.001/request`, or base units; default the offer's price. */
  readonly price?: string | Price
  /** Must agree with the price's; there to be read. */
  readonly unit?: Unit
  /** How many metering units a chunk of the answer counts for; default its bytes, or the milliseconds since the last. */
  readonly meter?: Meter
  /** What is sold, for the person; default the offer's title. */
  readonly description?: string
}

export type PaymentParameters = {
  readonly offer: StandingOffer
  readonly authorize: Authorizer
  readonly challenges: Challenges
  readonly idempotency: IdempotencyStore
  readonly waiters: Waiters
  readonly streams: OpenStreams
  readonly clock: Clock
  readonly limits: Limits
  readonly logger: Logger
  readonly trustProxy: boolean
  /** Of challenges; undefined: the request's host. */
  readonly realm: string | undefined
  /** Keeps a channel in memory while an answer is under way. */
  readonly retain: (channel: PayeeChannel) => () => void
  /** Hands an agreed close to the chain; undefined: the client does that itself. */
  readonly closeOnChain: (channelId: Hex) => Promise<Hex | undefined>
  readonly onAnswer: (status: number) => void
  readonly onRefused: (code: string) => void
}

/** A priced route, with everything an answer needs. */
export type Sale = PaymentParameters & {
  readonly price: Price
  readonly meter: Meter
  /** Whether the channel counts the same units as this route. */
  readonly countsUnits: boolean
}
