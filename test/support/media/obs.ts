import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  Audio,
  H264RtpPacketizer,
  PeerConnection,
  RtcpNackResponder,
  RtcpSrReporter,
  RtpPacketizationConfig,
  RtpPacketizer,
  Video,
} from 'node-datachannel'

const framesPerSecond = 25
const h264PayloadType = 96
const opusPayloadType = 111
/** Twenty milliseconds of silence, as Opus has it. */
const silence = Buffer.from([0xf8, 0xff, 0xfe])
const soundMs = 20

/**
 * Two seconds of a test card in H.264 (baseline, 320 by 180, 25 pictures a second, a key picture each second), made by:
 *
 *     ffmpeg -f lavfi -i testsrc2=size=320x180:rate=25 -t 2 -pix_fmt yuv420p -c:v libx264 -profile:v baseline
 *       -tune zerolatency -g 25 -keyint_min 25 -sc_threshold 0 -b:v 300k -maxrate 300k -bufsize 300k
 *       -x264-params sliced-threads=0:threads=1 -fflags +bitexact -flags:v +bitexact -f h264 testCard.h264
 */
const testCard = pictures(readFileSync(path.join(import.meta.dirname, 'testCard.h264')))

/** Splits a stream of H.264 after each picture: what goes before a slice belongs to it. */
function pictures(stream: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  let begin = 0
  let hasSlice = false
  for (let at = 0; at + 4 < stream.length; at += 1) {
    if (stream.readUIntBE(at, 3) !== 1) continue
    const start = at > 0 && stream[at - 1] === 0 ? at - 1 : at
    if (hasSlice) {
      found.push(stream.subarray(begin, start))
      begin = start
    }
    const type = (stream[at + 3] ?? 0) & 0x1f
    hasSlice = type === 1 || type === 5
  }
  return [...found, stream.subarray(begin)]
}

/** A publisher that behaves like OBS Studio: the same library, H.264 and Opus, and deaf to requests for key pictures. */
export type Obs = {
  /** What the server answered to the one POST. */
  readonly status: number
  readonly resource: string
  /** Pictures sent so far. */
  readonly sent: () => number
  /** Ends as OBS does: a DELETE of the resource; its status. */
  readonly stop: () => Promise<number>
  /** Ends as a machine does that loses its power. */
  readonly vanish: () => void
}

/**
 * Publishes the test card, over and over: one POST with all candidates, and nothing after it.
 *
 * @param url of the WHIP endpoint
 * @param key the stream key
 */
export async function startObs(url: string, key: string): Promise<Obs> {
  const connection = new PeerConnection('obs', { iceServers: [], disableAutoNegotiation: true })
  const video = new Video('0', 'SendOnly')
  video.addH264Codec(h264PayloadType)
  video.addSSRC(1, 'obs', 'stream', 'picture')
  const audio = new Audio('1', 'SendOnly')
  audio.addOpusCodec(opusPayloadType)
  audio.addSSRC(2, 'obs', 'stream', 'sound')
  const picture = connection.addTrack(video)
  const sound = connection.addTrack(audio)
  const pictureTime = new RtpPacketizationConfig(1, 'obs', h264PayloadType, 90_000)
  const soundTime = new RtpPacketizationConfig(2, 'obs', opusPayloadType, 48_000)
  const h264 = new H264RtpPacketizer('LongStartSequence', pictureTime)
  h264.addToChain(new RtcpSrReporter(pictureTime))
  h264.addToChain(new RtcpNackResponder())
  picture.setMediaHandler(h264)
  const opus = new RtpPacketizer(soundTime)
  opus.addToChain(new RtcpSrReporter(soundTime))
  sound.setMediaHandler(opus)

  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') resolve()
    })
  })
  connection.setLocalDescription('offer')
  await gathered
  const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}` }
  const body = connection.localDescription()?.sdp ?? ''
  const response = await fetch(url, { method: 'POST', headers, body })
  if (response.status !== 201) {
    connection.close()
    throw new Error(`${url} answered ${String(response.status)}: ${await response.text()}`)
  }
  connection.setRemoteDescription(await response.text(), 'answer')
  const resource = new URL(response.headers.get('Location') ?? '', url).href

  let sent = 0
  let heard = 0
  const began = performance.now()
  const timer = setInterval(() => {
    if (!picture.isOpen() || !sound.isOpen()) return
    const elapsedMs = performance.now() - began
    for (; sent * (1000 / framesPerSecond) <= elapsedMs; sent += 1) {
      pictureTime.timestamp = (sent * (90_000 / framesPerSecond)) % 2 ** 32
      picture.sendMessageBinary(testCard[sent % testCard.length] ?? Buffer.alloc(0))
    }
    for (; heard * soundMs <= elapsedMs; heard += 1) {
      soundTime.timestamp = (heard * 48 * soundMs) % 2 ** 32
      sound.sendMessageBinary(silence)
    }
  }, 10)
  const vanish = (): void => {
    clearInterval(timer)
    connection.close()
  }
  return {
    status: response.status,
    resource,
    sent: () => sent,
    stop: async () => {
      const ended = await fetch(resource, { method: 'DELETE', headers: { Authorization: `Bearer ${key}` } })
      vanish()
      return ended.status
    },
    vanish,
  }
}
