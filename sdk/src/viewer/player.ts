/** The part of a media element that decides whether a viewer pays. A `<video>` fits. */
export type Player = {
  readonly currentTime: number
  readonly paused: boolean
  addEventListener: (type: PlayerEvent, listener: () => void) => void
  removeEventListener: (type: PlayerEvent, listener: () => void) => void
}

type PlayerEvent = 'playing' | 'pause' | 'waiting' | 'ended' | 'seeking' | 'timeupdate'

/** What a player reports to the session. */
export type PlayerSink = {
  readonly playing: () => void
  readonly stopped: (reason: 'viewer' | 'buffering') => void
  /** Milliseconds of media that were shown. */
  readonly shown: (milliseconds: bigint) => void
}

/** Longest step between two time updates that counts as playing; a longer one was a jump, milliseconds. */
const longestStepMs = 2_000

/**
 * Follows a player: time counts only while its picture moves. Seeking, pausing and buffering stop the meter.
 *
 * @param player a media element
 * @param sink told what happens
 * @returns ends the following
 */
export function followPlayer(player: Player, sink: PlayerSink): () => void {
  let lastMs = player.currentTime * 1000
  let remainder = 0
  const listeners: Readonly<Record<PlayerEvent, () => void>> = {
    playing: () => {
      lastMs = player.currentTime * 1000
      sink.playing()
    },
    pause: () => {
      sink.stopped('viewer')
    },
    ended: () => {
      sink.stopped('viewer')
    },
    waiting: () => {
      sink.stopped(player.paused ? 'viewer' : 'buffering')
    },
    seeking: () => {
      lastMs = player.currentTime * 1000
    },
    timeupdate: () => {
      const nowMs = player.currentTime * 1000
      const step = nowMs - lastMs
      lastMs = nowMs
      if (step <= 0 || step > longestStepMs) return
      const shown = Math.floor(step + remainder)
      remainder = step + remainder - shown
      sink.shown(BigInt(shown))
    },
  }
  const types = Object.keys(listeners) as PlayerEvent[]
  for (const type of types) player.addEventListener(type, listeners[type])
  if (!player.paused) sink.playing()
  return () => {
    for (const type of types) player.removeEventListener(type, listeners[type])
  }
}
