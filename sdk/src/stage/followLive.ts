import { systemClock } from '../edge/platform.js'
import type { Clock } from '../session/ports.js'
import type { Player } from '../viewer/player.js'
import type { Stream } from '../viewer/stream.js'

/**
 * - `still`: the viewer does not play it.
 * - `waiting`: the viewer plays it, and the picture does not move.
 * - `moving`: the picture moves.
 */
export type LiveState = 'still' | 'waiting' | 'moving'

export type FollowLiveOptions = {
  readonly onState?: (state: LiveState) => void
  /** How long a picture may stand still before it counts as waiting, milliseconds; default 1,000. */
  readonly stallMs?: number
  readonly clock?: Clock
}

type PlayerEvent = Parameters<Player['addEventListener']>[0]

/** How often the picture is looked at, milliseconds. */
const lookMs = 200

const eventOf: Readonly<Record<LiveState, PlayerEvent>> = {
  still: 'pause',
  waiting: 'waiting',
  moving: 'playing',
}

/**
 * Pays for a live stream while its picture moves. Media elements do not tell when a live picture stands still, so it is
 * looked at; and what is not paid for does not come, so a player that waits for its first picture asks for it.
 *
 * @param stream that brings the picture
 * @param video shows it
 * @param options
 * @returns ends the following
 *
 * @example
 * ```ts
 * import type { Stream } from '@sluice/sdk'
 * import { followLive } from '@sluice/sdk/stage'
 *
 * async function show(stream: Stream, video: HTMLVideoElement) {
 *   const end = followLive(stream, video, { onState: (state) => console.log(state) })
 *   await video.play()
 *   return end
 * }
 * ```
 */
export function followLive(
  stream: Pick<Stream, 'follow'>,
  video: Player,
  options: FollowLiveOptions = {},
): () => void {
  const { onState, stallMs = 1_000, clock = systemClock } = options
  const listeners = new Map<PlayerEvent, Set<() => void>>()
  let state: LiveState = 'still'
  let lastTime = video.currentTime
  let movedAtMs = -Infinity
  let cancel: (() => void) | undefined

  function fire(event: PlayerEvent): void {
    for (const listener of [...(listeners.get(event) ?? [])]) listener()
  }

  function look(): void {
    if (video.currentTime !== lastTime) {
      lastTime = video.currentTime
      movedAtMs = clock.now()
    }
    const moves = clock.now() - movedAtMs < stallMs
    const next: LiveState = video.paused ? 'still' : moves ? 'moving' : 'waiting'
    if (next !== state) {
      state = next
      fire(eventOf[next])
      onState?.(next)
    } else if (next === 'moving') fire('timeupdate')
  }

  function lookOn(): void {
    look()
    cancel = clock.schedule(lookMs, lookOn)
  }

  const player: Player = {
    get currentTime() {
      return video.currentTime
    },
    /** The stream is told that it plays by an event, once it moves. */
    get paused() {
      return state === 'still'
    },
    addEventListener: (event, listener) => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
    },
    removeEventListener: (event, listener) => {
      listeners.get(event)?.delete(listener)
    },
  }
  const unfollow = stream.follow(player)
  const prompt = ['playing', 'pause', 'waiting'] as const
  for (const event of prompt) video.addEventListener(event, look)
  lookOn()
  return () => {
    cancel?.()
    for (const event of prompt) video.removeEventListener(event, look)
    unfollow()
  }
}
