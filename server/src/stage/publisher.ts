import {
  ReceiverEstimatedMaxBitrate,
  RTCPeerConnection,
  RtcpPayloadSpecificFeedback,
  useH264,
  useOPUS,
  useVP8,
  type MediaStreamTrack,
  type RTCRtpTransceiver,
  type RtpPacket,
} from 'werift'
import type { Clock } from '@sluice/sdk/session'
import { describe } from './describe.js'
import type { Network } from './network.js'
import { createPictureCache, type PictureCache, type VideoCodec } from './pictures.js'

export type Media = { readonly kind: 'audio' | 'video'; readonly packet: RtpPacket; readonly begins: boolean }

/** Who sends the stream. */
export type Publisher = {
  readonly answer: string
  readonly video: VideoCodec | undefined
  readonly hasAudio: boolean
  /** Packets of the last group of pictures. */
  readonly pictures: () => readonly RtpPacket[]
  /** Asks for a picture that needs no other. Some publishers do not listen. */
  readonly refresh: () => void
  /** Listens; the returned function ends that. */
  readonly onMedia: (listener: (media: Media) => void) => () => void
  readonly onEnd: (listener: () => void) => void
  readonly close: () => Promise<void>
}

/** Told to the publisher as what it may send, bits a second: browsers start low and rise only when they are told. */
const welcomeBitrate = 4_000_000n
const reportMs = 500
/** Viewers who come at once share one request for a picture. */
const refreshEveryMs = 250

/**
 * Accepts a publisher's offer (WHIP, RFC 9725).
 *
 * @param offer SDP
 * @throws SluiceError `malformed-message` when it cannot be answered
 */
export async function acceptPublisher(offer: string, network: Network, clock: Clock): Promise<Publisher> {
  const connection = new RTCPeerConnection({
    ...network,
    codecs: { video: [useH264(), useVP8()], audio: [useOPUS()] },
  })
  const listeners = new Set<(media: Media) => void>()
  const tracks: { readonly transceiver: RTCRtpTransceiver; readonly track: MediaStreamTrack }[] = []
  let cache: PictureCache | undefined
  let onEnd: (() => void) | undefined
  let over = false
  let refreshedAtMs = -Infinity
  let cancelReport: (() => void) | undefined

  const end = (): void => {
    if (over) return
    over = true
    cancelReport?.()
    onEnd?.()
  }

  connection.onRemoteTransceiverAdded.subscribe((transceiver) => {
    transceiver.onTrack.subscribe((track) => {
      tracks.push({ transceiver, track })
      track.onReceiveRtp.subscribe((packet) => {
        const begins = track.kind === 'video' && (cache?.add(packet) ?? false)
        for (const listener of listeners)
          listener({ kind: track.kind === 'video' ? 'video' : 'audio', packet, begins })
      })
    })
  })
  connection.connectionStateChange.subscribe((state) => {
    if (state === 'failed' || state === 'closed' || state === 'disconnected') end()
  })

  await describe(connection, offer)
  const video = connection.getTransceivers().find(({ kind, rejected }) => kind === 'video' && !rejected)
  const codec = video?.codecs[0]?.name.toUpperCase()
  const videoCodec = codec === 'VP8' || codec === 'H264' ? codec : undefined
  if (videoCodec !== undefined) cache = createPictureCache(videoCodec)
  report()

  function report(): void {
    for (const { transceiver, track } of tracks) {
      if (track.kind !== 'video' || track.ssrc === undefined) continue
      const feedback = new ReceiverEstimatedMaxBitrate({
        senderSsrc: 1,
        mediaSsrc: 0,
        ssrcNum: 1,
        ssrcFeedbacks: [track.ssrc],
        ...floating(welcomeBitrate),
      })
      transceiver.receiver.transport
        .sendRtcp([new RtcpPayloadSpecificFeedback({ feedback })])
        .catch(() => undefined)
    }
    cancelReport = over ? undefined : clock.schedule(reportMs, report)
  }

  return {
    answer: connection.localDescription?.sdp ?? '',
    video: videoCodec,
    hasAudio: connection.getTransceivers().some(({ kind, rejected }) => kind === 'audio' && !rejected),
    pictures: () => cache?.packets() ?? [],
    refresh() {
      if (clock.now() - refreshedAtMs < refreshEveryMs) return
      refreshedAtMs = clock.now()
      for (const { transceiver, track } of tracks) {
        if (track.kind === 'video' && track.ssrc !== undefined)
          void transceiver.receiver.sendRtcpPLI(track.ssrc)
      }
    },
    onMedia: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onEnd: (listener) => {
      onEnd = listener
      if (over) listener()
    },
    close: async () => {
      end()
      await connection.close()
    },
  }
}

/** A bitrate as REMB writes it: six bits of exponent and eighteen of mantissa. */
function floating(bitrate: bigint): {
  readonly bitrate: bigint
  readonly brExp: number
  readonly brMantissa: number
} {
  let exponent = 0
  let mantissa = bitrate
  while (mantissa > 0x3ffffn) {
    mantissa >>= 1n
    exponent += 1
  }
  return { bitrate, brExp: exponent, brMantissa: Number(mantissa) }
}
