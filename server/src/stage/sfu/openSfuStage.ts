import {
  systemClock,
  type Clock,
  type PayeeSession,
  type Random,
  type SessionListener,
} from '@sluice/sdk/session'
import { systemRandom } from '../../edge/system.js'
import { silentLogger, type Logger } from '../../log.js'
import type { Payee } from '../../payee/payee.js'
import type { Sfu, Share } from './ports.js'

export type OpenSfuStageOptions = {
  readonly sfu: Sfu
  readonly logger?: Logger
  readonly clock?: Clock
  readonly random?: Random
}

export type SfuStage = {
  /**
   * Makes a place for a viewer. Put `viewer` as the identity into its access token to the media server, and give it the
   * address of sessions with `?media=<viewer>`: whoever pays there is let in.
   */
  readonly admit: () => { readonly viewer: string; readonly release: () => void }
  /** Viewers who pay. */
  readonly viewers: () => number
  readonly close: () => Promise<void>
}

/** What is bought at once, milliseconds: as much may be paid for in vain when the media server fails. */
const sliceMs = 1_000

/**
 * Sells a stream that another machine forwards. What it forwards is not seen here, so the meter goes by the clock, while the
 * gate is open and the viewer says that its player runs.
 *
 * @param payee sells by the second
 * @param options the media server
 */
export function openSfuStage(payee: Pick<Payee, 'on' | 'tie'>, options: OpenSfuStageOptions): SfuStage {
  const { sfu, clock = systemClock, random = systemRandom, logger = silentLogger() } = options
  const paying = new Map<string, Paying>()
  const stopGates = payee.on('gate', ({ record }) => {
    for (const each of paying.values()) {
      if (each.session.channel.record().channelId === record.channelId) each.look()
    }
  })

  function pay(viewer: string, session: PayeeSession): Paying {
    let shared: Share = 'nothing'
    let telling = Promise.resolve()
    let cancel: (() => void) | undefined
    let over = false

    /** One request after another, so that the last word is the last. */
    function tell(share: Share): void {
      if (share === shared) return
      shared = share
      telling = telling
        .then(() => sfu.share(viewer, share))
        .catch((error: unknown) => {
          logger.warn({ err: error, viewer }, 'the media server did not do as it was told')
        })
    }

    function buy(): void {
      cancel?.()
      cancel = undefined
      session.channel.deliver(BigInt(sliceMs)).then(
        (granted) => {
          if (over) return
          tell(granted ? shareOf(session) : 'nothing')
          if (granted) cancel = clock.schedule(sliceMs, buy)
          else cancel = clock.schedule(sliceMs, look)
        },
        (error: unknown) => {
          logger.warn({ err: error, viewer }, 'a slice could not be bought')
        },
      )
    }

    function look(): void {
      if (over) return
      if (shareOf(session) === 'nothing') {
        tell('nothing')
        cancel?.()
        cancel = clock.schedule(sliceMs, look)
      } else if (shared === 'nothing') buy()
    }

    look()
    return {
      session,
      look,
      stop: async () => {
        over = true
        cancel?.()
        await telling
        await sfu.remove(viewer)
      },
    }
  }

  return {
    admit: () => {
      const viewer = Buffer.from(random(16)).toString('hex')
      const listener: SessionListener = {
        onJoined: (session) => {
          paying.set(viewer, pay(viewer, session))
        },
        onLeft: () => {
          const gone = paying.get(viewer)
          paying.delete(viewer)
          gone?.stop().catch((error: unknown) => {
            logger.warn({ err: error, viewer }, 'the media server kept a viewer who is gone')
          })
        },
      }
      return { viewer, release: payee.tie(viewer, () => listener) }
    },
    viewers: () => paying.size,
    close: async () => {
      stopGates()
      await Promise.all([...paying.values()].map((each) => each.stop()))
    },
  }
}

type Paying = {
  readonly session: PayeeSession
  /** The gate moved. */
  readonly look: () => void
  readonly stop: () => Promise<void>
}

/** On credit there is sound only, as on a stage of this machine's own. */
function shareOf(session: PayeeSession): Share {
  const { phase, viewerPlaying } = session.channel.state()
  if (!viewerPlaying) return 'nothing'
  if (phase === 'paid') return 'everything'
  return phase === 'credit' ? 'sound' : 'nothing'
}
