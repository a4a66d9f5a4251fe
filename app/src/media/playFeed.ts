import type { Player, Stream } from '@sluice/sdk'
import { createSignal } from './signal.ts'

/**
 * Shows a feed that has no picture: what comes is drawn, and the drawing is played like a picture. It is paid by the piece,
 * so the player says only whether it runs.
 *
 * @param stream brings the pieces
 * @param video shows them
 * @returns ends it
 */
export function playFeed(stream: Stream, video: HTMLVideoElement): () => void {
  const signal = createSignal()
  video.srcObject = signal.media
  const unlisten = stream.on('data', ({ payload }) => {
    signal.push(levelOf(payload))
  })
  const unfollow = stream.follow(withoutTime(video))
  return () => {
    unlisten()
    unfollow()
    signal.stop()
    video.srcObject = null
  }
}

/** A player whose time stands still: the pieces of the feed are what is counted. */
function withoutTime(video: HTMLVideoElement): Player {
  return {
    currentTime: 0,
    get paused() {
      return video.paused
    },
    addEventListener: (type, listener) => {
      video.addEventListener(type, listener)
    },
    removeEventListener: (type, listener) => {
      video.removeEventListener(type, listener)
    },
  }
}

/** The first number between 0 and 1 in a piece; half when there is none. */
function levelOf(payload: unknown): number {
  if (typeof payload !== 'object' || payload === null) return 0.5
  const values: readonly unknown[] = Object.values(payload)
  const found = values.find((value) => typeof value === 'number' && value >= 0 && value <= 1)
  return typeof found === 'number' ? found : 0.5
}
