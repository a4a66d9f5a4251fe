import { systemClock } from '../edge/platform.js'
import { SluiceError } from '../errors.js'
import type { Clock, Transport } from '../session/ports.js'
import { connectWebSocket } from '../transport/webSocket.js'
import { wrapDataChannel } from './dataChannel.js'
import { exchange, release } from './exchange.js'

/** What can be said of the picture. `waiting`: connected, and nothing comes, because it is not paid or not playing. */
export type StageState = 'connecting' | 'live' | 'waiting' | 'offline'

/** The part of a media element that is used. A `<video>` fits. */
export type StageScreen = { srcObject: MediaProvider | null }

export type ConnectStageOptions = {
  /** Where offers are posted; default `/stage/whep` at the payee's origin. */
  readonly whep?: string
  readonly iceServers?: RTCIceServer[]
  readonly onState?: (state: StageState) => void
  /** How long the data channel may take to open, milliseconds; default 5,000. After that a WebSocket pays instead. */
  readonly patienceMs?: number
  /** How the session travels; default: on the data channel, and by WebSocket where none opens. */
  readonly session?: 'data-channel' | 'websocket'
  readonly clock?: Clock
}

/**
 * Reaches a payee's sessions on a data channel of the connection that brings the picture, or by a WebSocket that is tied
 * to it where no data channel opens. Each call makes a connection of its own, which is also how a lost one is replaced: the
 * session resumes, and with it the picture.
 *
 * @param screen shows the stream
 * @param options where and how
 * @returns the `connect` of `createSluice`
 * @throws SluiceError `payee-offline` when nobody answers or nothing is on
 *
 * @example
 * ```ts
 * import { createSluice } from '@sluice/sdk'
 * import { connectStage } from '@sluice/sdk/stage'
 * import type { WalletClient } from 'viem'
 *
 * async function watch(wallet: WalletClient, video: HTMLVideoElement) {
 *   const sluice = createSluice({ wallet, connect: connectStage(video) })
 *   const stream = await sluice.open({ payee: 'https://live.example/alice', budget: '5.00' })
 *   stream.follow(video)
 *   return stream
 * }
 * ```
 */
export function connectStage(
  screen: StageScreen,
  options: ConnectStageOptions = {},
): (url: string) => Promise<Transport> {
  const { onState, patienceMs = 5_000, clock = systemClock } = options
  // Where no data channel opened once, none is waited for again.
  let isSocketOnly = options.session === 'websocket'
  return async (url) => {
    const whep = options.whep ?? endpointAt(url)
    onState?.('connecting')
    const connection = new RTCPeerConnection({ iceServers: options.iceServers ?? [] })
    let resource: string | undefined
    const close = (): void => {
      connection.close()
      onState?.('offline')
      void release(resource)
    }
    try {
      const picture = new MediaStream()
      connection.addTransceiver('video', { direction: 'recvonly' })
      connection.addTransceiver('audio', { direction: 'recvonly' })
      connection.addEventListener('track', ({ track }) => {
        picture.addTrack(track)
        screen.srcObject = picture
        track.addEventListener('unmute', () => onState?.('live'))
        track.addEventListener('mute', () => onState?.('waiting'))
      })
      const channel = isSocketOnly ? undefined : connection.createDataChannel('sluice', { ordered: true })
      await connection.setLocalDescription()
      // The server's candidates are in its answer; ours are found by its checks, so gathering need not be waited for.
      const exchanged = await exchange(whep, connection.localDescription?.sdp ?? '')
      resource = exchanged.resource
      await connection.setRemoteDescription({ type: 'answer', sdp: exchanged.answer })
      const outcome = channel === undefined ? 'refused' : await opening(channel, clock, patienceMs)
      if (channel !== undefined && outcome === 'open') return wrapDataChannel(channel, close)
      if (resource !== undefined && canBring(connection.connectionState, outcome)) {
        const tied = await connectTied(connection, url, resource, close)
        isSocketOnly = true
        return tied
      }
      close()
    } catch (error) {
      close()
      throw error
    }
    throw new SluiceError({
      code: 'payee-offline',
      message: 'The connection for the picture could not be made.',
      details: `the data channel to ${whep} did not open within ${patienceMs} ms`,
      action: 'wait',
      retryable: true,
    })
  }
}

/** A WebSocket session that pays for what the media connection of this resource brings: both live and end together. */
async function connectTied(
  connection: RTCPeerConnection,
  url: string,
  resource: string,
  close: () => void,
): Promise<Transport> {
  const tied = new URL(url)
  tied.searchParams.set('media', new URL(resource).pathname.split('/').at(-1) ?? '')
  const socket = await connectWebSocket(tied.href)
  connection.addEventListener('connectionstatechange', () => {
    const { connectionState: state } = connection
    if (state === 'failed' || state === 'closed') socket.close('the media connection ended')
  })
  return {
    ...socket,
    onClose: (listener) => {
      socket.onClose((reason) => {
        close()
        listener(reason)
      })
    },
  }
}

function endpointAt(url: string): string {
  const endpoint = new URL('/stage/whep', url)
  if (endpoint.protocol === 'ws:') endpoint.protocol = 'http:'
  if (endpoint.protocol === 'wss:') endpoint.protocol = 'https:'
  return endpoint.href
}

/** What became of a data channel: a server without them refuses it, and a network may keep it from opening in time. */
type Opening = 'open' | 'refused' | 'late'

function opening(channel: RTCDataChannel, clock: Clock, patienceMs: number): Promise<Opening> {
  // What is refused by the answer is refused before the answer is taken.
  if (channel.readyState === 'closed') return Promise.resolve('refused')
  return new Promise((resolve) => {
    const settle = (outcome: Opening) => (): void => {
      cancel()
      resolve(outcome)
    }
    const cancel = clock.schedule(patienceMs, settle('late'))
    channel.addEventListener('open', settle('open'))
    channel.addEventListener('close', settle('refused'))
  })
}

/** Whether the picture can come without a data channel: one that was refused at once says nothing of the connection yet. */
function canBring(state: RTCPeerConnectionState, outcome: Opening): boolean {
  return outcome === 'late' ? state === 'connected' : state !== 'failed' && state !== 'closed'
}
