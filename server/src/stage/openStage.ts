import type { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import { systemClock, type Clock, type Random } from '@sluice/sdk/session'
import { systemRandom } from '../edge/system.js'
import { silentLogger, type Logger } from '../log.js'
import type { Payee } from '../payee/payee.js'
import type { Network } from './network.js'
import { createStageRoutes } from './routes.js'
import { createStage, type StageStatus } from './stage.js'

export type OpenStageOptions = {
  /** What a publisher must send as its bearer token; OBS calls it so too. At least 16 characters. */
  readonly streamKey: string | StreamKey
  readonly network?: Partial<Network>
  /** Viewers at once; default 200, about what two cores forward. */
  readonly mostViewers?: number
  /** Offers of one address in a minute that make it a viewer; default 120. */
  readonly offersPerMinute?: number
  /** Believe the last entry of `X-Forwarded-For`; default false. */
  readonly trustProxy?: boolean
  readonly logger?: Logger
  readonly clock?: Clock
  readonly random?: Random
}

/** A stream key that may be replaced, which ends whoever published with the old one. */
export type StreamKey = {
  readonly current: () => string
  /** Listens; the returned function ends that. */
  readonly onChange: (listener: () => void) => () => void
}

export type LiveStage = {
  /** `/stage/whip`, `/stage/whep` and `/stage/status`, to be mounted at the root of the payee's origin. */
  readonly routes: Hono
  readonly status: () => StageStatus
  /** Ends the publisher and every viewer. Their sessions resume elsewhere or settle. */
  readonly close: () => Promise<void>
}

const shortestKey = 16

/**
 * Puts a live stream on a payee: takes video by WHIP, serves it by WHEP, and forwards to each viewer what its channel
 * pays for.
 *
 * @param payee sells by the second
 * @param options the stream key; everything else has a default
 * @throws SluiceError `invalid-argument` when the key is short or the payee sells by another unit
 *
 * @example
 * ```ts
 * import type { Payee } from '@sluice/server'
 * import { openStage } from '@sluice/server/stage'
 * import type { Hono } from 'hono'
 *
 * function goLive(app: Hono, payee: Payee, streamKey: string) {
 *   const stage = openStage(payee, { streamKey })
 *   app.route('/', stage.routes)
 *   return stage
 * }
 * ```
 */
export function openStage(payee: Payee, options: OpenStageOptions): LiveStage {
  const { mostViewers = 200, offersPerMinute = 120, trustProxy = false, logger = silentLogger() } = options
  const key = typeof options.streamKey === 'string' ? fixed(options.streamKey) : options.streamKey
  const { length } = key.current()
  if (payee.offer.unit !== 'second') {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'A live stream is sold by the second.',
      details: `the payee sells by the ${payee.offer.unit}`,
    })
  }
  if (length < shortestKey) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'The stream key is too short: whoever guesses it can publish in your place.',
      details: `${length} characters, at least ${shortestKey} expected`,
    })
  }
  const stage = createStage({
    payee,
    network: { iceServers: [], ...options.network },
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    mostViewers,
    onFault: (error) => {
      logger.warn({ err: error }, 'a media connection failed')
    },
  })
  const stopListening = key.onChange(() => {
    stage.endPublisher().catch((error: unknown) => {
      logger.warn({ err: error }, 'a publisher with an old key could not be ended')
    })
  })
  return {
    routes: createStageRoutes({
      stage,
      streamKey: key.current,
      offerLimit: { perMinute: offersPerMinute, trustProxy },
    }),
    status: stage.status,
    close: async () => {
      stopListening()
      await stage.close()
    },
  }
}

function fixed(key: string): StreamKey {
  return { current: () => key, onChange: () => () => undefined }
}
