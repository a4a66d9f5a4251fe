import type { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import type { Clock, Random } from '@sluice/sdk/session'
import { systemClock, systemRandom } from '../edge/system.js'
import { silentLogger, type Logger } from '../log.js'
import type { Payee } from '../payee/payee.js'
import type { StreamKey } from '../stage/openStage.js'
import type { StageStatus } from '../stage/stage.js'
import { openCredentials } from './credentials.js'
import { createDashboard } from './dashboard.js'
import { createEventStreams } from './eventStreams.js'
import { createGuard } from './guard.js'
import { openIncome } from './income.js'
import { studioApi } from './openapi.js'
import { createOverlayFeed } from './overlay.js'
import { createStudioRoutes } from './routes.js'
import { openSettings } from './settings.js'
import { createSignIn } from './signIn.js'
import { openTipBoard } from './tips.js'

export type OpenStudioOptions = {
  /** Where the studio's page is reached, such as `https://live.example`. What is signed to get in is bound to it. */
  readonly origin: string | (() => string)
  /** Good until the streamer replaces it; default: one that is made at the first start. */
  readonly streamKey?: string
  /** Of the stage beside it; undefined: there is none. */
  readonly stageStatus?: () => StageStatus | undefined
  /** Believe the last entry of `X-Forwarded-For`. Default false. */
  readonly trustProxy?: boolean
  readonly logger?: Logger
  readonly clock?: Clock
  readonly random?: Random
}

/** The streamer's side of a payee. */
export type Studio = {
  /** `/studio/api/*` and `/overlay/api/events`, to be mounted at the root of the payee's origin. */
  readonly routes: Hono
  /** What publishers must know, for `openStage`: the streamer sees it in the studio and can replace it. */
  readonly streamKey: StreamKey
  /** Ends what it listens to. What was earned in the last seconds is booked at the next start. */
  readonly close: () => void
}

/** How long a sign-in lasts, milliseconds. */
const sessionMs = 12 * 3_600_000
const mostSessions = 20
const mostOverlays = 20
const mostStudioStreams = 40
const mostOverlayStreams = 60

/**
 * Puts a studio on a payee: its wallet or its operator's signs in and sees viewers, money and tips, sets name, price and
 * token, settles, and gives out addresses for overlays. What was set before is offered again.
 *
 * @param payee whose stream it is
 * @param options where it is reached
 * @throws SluiceError `invalid-argument` when the origin is none, and what the store or the token says
 *
 * @example
 * ```ts
 * import type { Payee } from '@sluice/server'
 * import { openStage } from '@sluice/server/stage'
 * import { openStudio } from '@sluice/server/studio'
 * import type { Hono } from 'hono'
 *
 * async function goLive(app: Hono, payee: Payee) {
 *   const studio = await openStudio(payee, { origin: 'https://live.example', stageStatus: () => stage.status() })
 *   const stage = openStage(payee, { streamKey: studio.streamKey })
 *   app.route('/', studio.routes)
 *   app.route('/', stage.routes)
 * }
 * ```
 */
export async function openStudio(payee: Payee, options: OpenStudioOptions): Promise<Studio> {
  const { clock = systemClock, random = systemRandom, logger = silentLogger(), trustProxy = false } = options
  const origin = originOf(options.origin)
  const { documents } = payee.store
  const onFault = (error: unknown): void => {
    // A store that was closed under it is no fault.
    if (!payee.status().closing) logger.error({ err: error }, 'the studio failed')
  }
  const settings = await openSettings({ documents, clock, random, streamKey: options.streamKey })
  if (Object.keys(settings.stream()).length > 0) await payee.reoffer(settings.stream())
  const common = { documents, clock, random }
  const [sessions, overlays, tips, income] = await Promise.all([
    openCredentials({
      ...common,
      kind: 'studio:session',
      lifetimeMs: sessionMs,
      most: mostSessions,
      whenFull: 'replace',
    }),
    openCredentials({ ...common, kind: 'studio:overlay', most: mostOverlays, whenFull: 'refuse' }),
    openTipBoard(payee, onFault),
    openIncome(payee.store, clock),
  ])
  await income.refresh(payee.offer.token)
  const { stageStatus = () => undefined } = options
  const dashboard = createDashboard({ payee, income, tips, settings, stageStatus, clock, onFault })
  const feed = createOverlayFeed({ payee, tips, settings })
  const studioStreams = createEventStreams(clock, mostStudioStreams)
  const overlayStreams = createEventStreams(clock, mostOverlayStreams)
  const unlisten = [
    tips.on(dashboard.poke),
    payee.on('settled', dashboard.poke),
    payee.on('closed', dashboard.poke),
  ]
  payee.describe(studioApi)

  return {
    routes: createStudioRoutes({
      payee,
      signIn: createSignIn({ payee, origin, clock, random }),
      guard: createGuard(trustProxy),
      sessions,
      overlays,
      settings,
      tips,
      income,
      dashboard,
      feed,
      studioStreams,
      overlayStreams,
      clock,
      onFault,
    }),
    streamKey: { current: settings.streamKey, onChange: settings.onStreamKey },
    close() {
      for (const end of unlisten) end()
      tips.stop()
      feed.stop()
      dashboard.stop()
      studioStreams.stop()
      overlayStreams.stop()
    },
  }
}

function originOf(given: string | (() => string)): () => string {
  if (typeof given === 'function') return given
  if (URL.canParse(given) && new URL(given).origin === given) return () => given
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'The studio must know where its page is reached.',
    details: `origin is ${given}, expected such as https://live.example`,
  })
}
