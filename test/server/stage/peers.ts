import { once } from 'node:events'
import { RTCPeerConnection, RtpHeader, RtpPacket, useOPUS, useVP8, MediaStreamTrack } from 'werift'
import type { Transport } from '@sluice/sdk/session'
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

async function negotiate(
  connection: RTCPeerConnection,
  url: string,
  headers: Record<string, string>,
): Promise<void> {
  await connection.setLocalDescription(await connection.createOffer())
  const response = await post(url, connection.localDescription?.sdp ?? '', headers)
  if (response.status !== 201) {
    await connection.close()
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  }
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() })
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

/** A publisher over a real connection: a test card of numbered frames. */
export async function publish(url: string, key: string) {
  const connection = new RTCPeerConnection(configuration())
  const track = new MediaStreamTrack({ kind: 'video' })
  const transceiver = connection.addTransceiver(track, { direction: 'sendonly' })
  let asked = 0
  transceiver.sender.onPictureLossIndication.subscribe(() => (asked += 1))
  await negotiate(connection, url, { Authorization: `Bearer ${key}` })
  let number = 0
  const timer = setInterval(() => {
    track.writeRtp(frame(number, number))
    number += 1
  }, 1000 / framesPerSecond)
  return {
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

/** A viewer's connection whose data channel is the session's transport. */
export function createScreen(url: string) {
  const seen: Seen[] = []
  const connections: RTCPeerConnection[] = []
  const waiting = new Set<() => void>()
  return {
    seen,
    /** Resolves once something was seen that matches. */
    until: async (matches: (frames: readonly Seen[]) => boolean): Promise<void> => {
      while (!matches(seen)) await new Promise<void>((resolve) => waiting.add(resolve))
    },
    reach: async (): Promise<Transport> => {
      const connection = new RTCPeerConnection(configuration())
      connections.push(connection)
      connection.addTransceiver('video', { direction: 'recvonly' }).onTrack.subscribe((track) => {
        track.onReceiveRtp.subscribe(({ header, payload }) => {
          seen.push({
            number: payload.readUInt32BE(8),
            sequenceNumber: header.sequenceNumber,
            isKey: payload[1] === 0,
          })
          for (const resolve of waiting) resolve()
          waiting.clear()
        })
      })
      const channel = connection.createDataChannel('sluice')
      const opened = once(channel, 'open')
      const transport = createDataChannelTransport(channel, () => void connection.close())
      await negotiate(connection, url, {})
      await opened
      return transport
    },
    close: () => Promise.all(connections.map((connection) => connection.close())),
  }
}
