import { readFileSync } from 'node:fs'
import path from 'node:path'
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, useOPUS, useVP8 } from 'werift'
import { readIvf, type IvfFrame } from './ivf.ts'

export type PublishTestCardParameters = {
  /** The payee's WHIP endpoint. */
  readonly url: string
  /** Its stream key. */
  readonly key: string
}

export type TestCard = {
  /** Resolves when the stage ended it, because somebody else publishes or because it is gone. */
  readonly ended: Promise<unknown>
  readonly stop: () => Promise<void>
}

/** What a loop of the test card takes, microseconds. */
const loopMicroseconds = 8_000_000
const tickMs = 15
/** What fits into one packet of the network with room for what is put around it, bytes. */
const mostPayload = 1_180
const videoRate = 90_000
const audioRate = 48_000

/**
 * Sends the test card with its sound to a stage, for as long as the stage takes it.
 *
 * @param parameters where, and the key
 * @throws Error when the stage refuses
 */
export async function publishTestCard({ url, key }: PublishTestCardParameters): Promise<TestCard> {
  const connection = new RTCPeerConnection({
    codecs: { video: [useVP8()], audio: [useOPUS()] },
    iceServers: [],
    bundlePolicy: 'max-bundle',
  })
  const ended = Promise.withResolvers<undefined>()
  connection.connectionStateChange.subscribe((state) => {
    if (state === 'failed' || state === 'closed' || state === 'disconnected') ended.resolve(undefined)
  })
  const video = new MediaStreamTrack({ kind: 'video' })
  const audio = new MediaStreamTrack({ kind: 'audio' })
  connection.addTransceiver(video, { direction: 'sendonly' })
  connection.addTransceiver(audio, { direction: 'sendonly' })
  await connection.setLocalDescription(await connection.createOffer())
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}` },
    body: connection.localDescription?.sdp ?? '',
  })
  if (response.status !== 201) {
    await connection.close()
    throw new Error(`${url} answered ${String(response.status)}: ${await response.text()}`)
  }
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() })
  const players = [
    createPlayer(readFrames('picture.ivf'), createSender(video, videoRate, splitPicture)),
    createPlayer(
      readFrames('sound.ivf'),
      createSender(audio, audioRate, (bytes) => [bytes]),
    ),
  ]
  const startedMs = performance.now()
  const timer = setInterval(() => {
    for (const play of players) play((performance.now() - startedMs) * 1000)
  }, tickMs)
  return {
    ended: ended.promise,
    stop: async () => {
      clearInterval(timer)
      ended.resolve(undefined)
      await connection.close()
    },
  }
}

function readFrames(file: string): readonly IvfFrame[] {
  return readIvf(readFileSync(path.join(import.meta.dirname, file)))
}

/** Sends what is due by a time, round after round. */
function createPlayer(
  frames: readonly IvfFrame[],
  send: (bytes: Buffer, microseconds: number) => void,
): (nowMicroseconds: number) => void {
  let next = 0
  let round = 0
  return (now) => {
    for (;;) {
      const frame = frames[next]
      if (frame === undefined) {
        next = 0
        round += 1
        continue
      }
      const due = round * loopMicroseconds + frame.timestamp
      if (due > now) return
      send(frame.bytes, due)
      next += 1
    }
  }
}

function createSender(
  track: MediaStreamTrack,
  rate: number,
  split: (bytes: Buffer) => readonly Buffer[],
): (bytes: Buffer, microseconds: number) => void {
  let sequenceNumber = 0
  return (bytes, microseconds) => {
    const payloads = split(bytes)
    for (const [index, payload] of payloads.entries()) {
      const header = new RtpHeader({
        sequenceNumber,
        timestamp: Math.round((microseconds * rate) / 1_000_000) % 2 ** 32,
        payloadType: 96,
        marker: index === payloads.length - 1,
        ssrc: 1,
      })
      track.writeRtp(new RtpPacket(header, payload))
      sequenceNumber = (sequenceNumber + 1) % 0x1_0000
    }
  }
}

/** A VP8 frame in packets: one byte before each says whether the frame begins with it (RFC 7741, 4.2). */
function splitPicture(frame: Buffer): readonly Buffer[] {
  const payloads: Buffer[] = []
  for (let at = 0; at < frame.length; at += mostPayload) {
    const descriptor = Buffer.from([at === 0 ? 0x10 : 0x00])
    payloads.push(Buffer.concat([descriptor, frame.subarray(at, at + mostPayload)]))
  }
  return payloads
}
