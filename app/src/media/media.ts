import type { Stream } from '@sluice/sdk'
import { connectWebSocket, type Transport } from '@sluice/sdk/session'
import { connectStage, followLive } from '@sluice/sdk/stage'
import { playFeed } from './playFeed.ts'

/** How what a payee sells comes to the screen. */
export type Media = {
  /** Reaches the payee's sessions. */
  readonly connect: (url: string) => Promise<Transport>
  /** Shows a stream and has it paid while the picture moves; the returned function ends that. */
  readonly show: (stream: Stream) => () => void
}

export type MediaParameters = {
  /** Shows it. */
  readonly video: HTMLVideoElement
  /** Told whether the picture moves. */
  readonly onMoving: (moving: boolean) => void
}

/** A live picture, which comes by WebRTC together with the session that pays for it. */
export function createLiveMedia({ video, onMoving }: MediaParameters): Media {
  return {
    connect: connectStage(video),
    show: (stream) => {
      const end = followLive(stream, video, { onState: (state) => onMoving(state === 'moving') })
      return () => {
        end()
        video.srcObject = null
      }
    },
  }
}

/** A feed without a picture: its pieces travel on the session by WebSocket, and are drawn. */
export function createFeedMedia({ video, onMoving }: MediaParameters): Media {
  const moves = (): void => onMoving(true)
  const stands = (): void => onMoving(false)
  return {
    connect: connectWebSocket,
    show: (stream) => {
      const listeners = { playing: moves, waiting: stands, pause: stands, ended: stands }
      for (const [type, listener] of Object.entries(listeners)) video.addEventListener(type, listener)
      const end = playFeed(stream, video)
      return () => {
        for (const [type, listener] of Object.entries(listeners)) video.removeEventListener(type, listener)
        end()
      }
    },
  }
}
