import { exchange, release } from './exchange.js'

export type PublishStageParameters = {
  /** The payee's WHIP endpoint, such as `https://live.example/stage/whip`. */
  readonly url: string
  /** The stream key. */
  readonly key: string
  /** Camera, screen or a canvas. */
  readonly media: MediaStream
  readonly iceServers?: RTCIceServer[]
  readonly onState?: (state: RTCPeerConnectionState) => void
}

/** A stream on its way out. */
export type Publication = { readonly close: () => Promise<void> }

/**
 * Goes live from the browser (WHIP, RFC 9725).
 *
 * @param parameters where, with which key, and what
 * @throws SluiceError `payee-offline` when nobody answers, `terms-refused` when the key is wrong
 *
 * @example
 * ```ts
 * import { publishStage } from '@sluice/sdk/stage'
 *
 * async function goLive(key: string) {
 *   const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: true })
 *   return publishStage({ url: 'https://live.example/stage/whip', key, media })
 * }
 * ```
 */
export async function publishStage(parameters: PublishStageParameters): Promise<Publication> {
  const { url, key, media, onState } = parameters
  const connection = new RTCPeerConnection({ iceServers: parameters.iceServers ?? [] })
  connection.addEventListener('connectionstatechange', () => {
    onState?.(connection.connectionState)
  })
  for (const track of media.getTracks()) {
    connection.addTransceiver(track, { direction: 'sendonly', streams: [media] })
  }
  try {
    await connection.setLocalDescription()
    const { answer, resource } = await exchange(url, connection.localDescription?.sdp ?? '', key)
    await connection.setRemoteDescription({ type: 'answer', sdp: answer })
    return {
      close: async () => {
        connection.close()
        await release(resource, key)
      },
    }
  } catch (error) {
    connection.close()
    throw error
  }
}
