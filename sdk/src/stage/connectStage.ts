import { systemClock } from '../edge/platform.js'
import { SluiceError } from '../errors.js'
import type { Clock, Transport } from '../session/ports.js'
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
  /** How long the data channel may take to open, milliseconds; default 5,000. */
  readonly patienceMs?: number
  readonly clock?: Clock
}

/**
 * Reaches a payee's sessions on a data channel of the connection that brings the picture. Each call makes a connection of
 * its own, which is also how a lost one is replaced: the session resumes, and with it the picture.
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
      const channel = connection.createDataChannel('sluice', { ordered: true })
      const transport = wrapDataChannel(channel, close)
      await connection.setLocalDescription()
      // The server's candidates are in its answer; ours are found by its checks, so gathering need not be waited for.
      const exchanged = await exchange(whep, connection.localDescription?.sdp ?? '')
      resource = exchanged.resource
      await connection.setRemoteDescription({ type: 'answer', sdp: exchanged.answer })
      if (await opens(channel, clock, patienceMs)) return transport
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

function endpointAt(url: string): string {
  const endpoint = new URL('/stage/whep', url)
  if (endpoint.protocol === 'ws:') endpoint.protocol = 'http:'
  if (endpoint.protocol === 'wss:') endpoint.protocol = 'https:'
  return endpoint.href
}

function opens(channel: RTCDataChannel, clock: Clock, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (opened: boolean): void => {
      cancel()
      resolve(opened)
    }
    const cancel = clock.schedule(patienceMs, () => {
      resolve(false)
    })
    channel.addEventListener('open', () => {
      settle(true)
    })
    channel.addEventListener('close', () => {
      settle(false)
    })
  })
}
