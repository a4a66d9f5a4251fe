import { once } from 'node:events'
import { RTCPeerConnection, RtpHeader, RtpPacket, useOPUS, useVP8, MediaStreamTrack } from 'werift'
import { connectWebSocket, type Transport } from '@sluice/sdk/session'
import { createDataChannelTransport } from '../../../server/dist/stage/dataChannel.js'

/** As browsers bundle: else werift opens sockets for every line of an offer and forgets those of lines it then joins. */
const configuration = () => ({
  codecs: { video: [useVP8()], audio: [useOPUS()] },
  iceServers: [],
  bundlePolicy: 'max-bundle' as const,
})

export const framesPerSecond = 50
/** Frames from one picture that stands by itself to the next. */
export const groupLength = 25

/** Posts an offer, as a WHIP or WHEP client does. */
export function post(url: string, offer: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', ...headers },
    body: offer,
  })
}

/** Exchanges offer and answer; returns the id of what was made. */
async function negotiate(
  connection: RTCPeerConnection,
  url: string,
  headers: Record<string, string>,
): Promise<string> {
  await connection.setLocalDescription(await connection.createOffer())
  const response = await post(url, connection.localDescription?.sdp ?? '', headers)
  if (response.status !== 201) {
    await connection.close()
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  }
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() })
  return response.headers.get('Location')?.split('/').at(-1) ?? ''
}

/** One VP8 frame of one packet; its payload tells its number. */
export function frame(number: number, sequenceNumber: number, isKey = number % groupLength === 0): RtpPacket {
  const payload = Buffer.alloc(40)
  payload[0] = 0x10 // begins a partition, the first
  payload[1] = isKey ? 0x00 : 0x01
  payload.writeUInt32BE(number, 8)
  const header = new RtpHeader({
    sequenceNumber: sequenceNumber % 0x1_0000,
    timestamp: (number * (90_000 / framesPerSecond)) % 2 ** 32,
    payloadType: 96,
    marker: true,
    ssrc: 1,
  })
  return new RtpPacket(header, payload)
}

/** Twenty milliseconds of silence, as Opus has it. */
function silence(number: number): RtpPacket {
  const timestamp = (number * (48_000 / framesPerSecond)) % 2 ** 32
  const header = new RtpHeader({ sequenceNumber: number % 0x1_0000, timestamp, payloadType: 111, ssrc: 2 })
  return new RtpPacket(header, Buffer.from([0xf8, 0xff, 0xfe]))
}

/** A publisher over a real connection: a test card of numbered frames. */
export async function publish(url: string, key: string) {
  const connection = new RTCPeerConnection(configuration())
  const track = new MediaStreamTrack({ kind: 'video' })
  const transceiver = connection.addTransceiver(track, { direction: 'sendonly' })
  let asked = 0
  transceiver.sender.onPictureLossIndication.subscribe(() => (asked += 1))
  const sound = new MediaStreamTrack({ kind: 'audio' })
  connection.addTransceiver(sound, { direction: 'sendonly' })
  const id = await negotiate(connection, url, { Authorization: `Bearer ${key}` })
  let number = 0
  const timer = setInterval(() => {
    track.writeRtp(frame(number, number))
    sound.writeRtp(silence(number))
    number += 1
  }, 1000 / framesPerSecond)
  return {
    /** As the server named it. */
    id,
    /** Requests for a picture that stands by itself. */
    asked: () => asked,
    sent: () => number,
    stop: async () => {
      clearInterval(timer)
      await connection.close()
    },
  }
}

/** What a viewer was sent. */
export type Seen = { readonly number: number; readonly sequenceNumber: number; readonly isKey: boolean }

/**
 * A viewer's connection whose data channel is the session's transport, or with `socket` the WebSocket that is tied to it.
 *
 * @param url of the WHEP endpoint
 * @param socket address of WebSocket sessions
 */
export function createScreen(url: string, socket?: string) {
  const seen: Seen[] = []
  const heard: number[] = []
  let afterPicture = 0
  const ids: string[] = []
  const connections: RTCPeerConnection[] = []
  const waiting = new Set<() => void>()
  let lastAtMs = 0
  const changed = (): void => {
    lastAtMs = performance.now()
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  async function reach(): Promise<Transport> {
    const connection = new RTCPeerConnection(configuration())
    connections.push(connection)
    connection.addTransceiver('video', { direction: 'recvonly' }).onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe(({ header, payload }) => {
        const { sequenceNumber } = header
        afterPicture = 0
        seen.push({ number: payload.readUInt32BE(8), sequenceNumber, isKey: payload[1] === 0 })
        changed()
      })
    })
    connection.addTransceiver('audio', { direction: 'recvonly' }).onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe(({ header }) => {
        heard.push(header.sequenceNumber)
        afterPicture += 1
        changed()
      })
    })
    if (socket !== undefined) {
      const id = await negotiate(connection, url, {})
      ids.push(id)
      return connectWebSocket(`${socket}?media=${id}`)
    }
    const channel = connection.createDataChannel('sluice')
    const opened = once(channel, 'open')
    const transport = createDataChannelTransport(channel, () => void connection.close())
    ids.push(await negotiate(connection, url, {}))
    await opened
    return transport
  }

  return {
    seen,
    /** Sequence numbers of sound. */
    heard,
    /** Pieces of sound since the last picture. */
    heardAfterPicture: () => afterPicture,
    /** When something came last, on the clock of `performance.now()`. */
    lastAtMs: () => lastAtMs,
    /** Of the media connections, as the server named them. */
    ids,
    /** Resolves once something was seen or heard that matches. */
    until: async (matches: (frames: readonly Seen[]) => boolean): Promise<void> => {
      while (!matches(seen)) await new Promise<void>((resolve) => waiting.add(resolve))
    },
    reach,
    close: () => Promise.all(connections.map((connection) => connection.close())),
  }
}
