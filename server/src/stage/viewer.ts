import { RTCPeerConnection, useH264, useOPUS, useVP8, type RTCDataChannel } from 'werift'
import type { Clock, PayeeSession, Transport } from '@sluice/sdk/session'
import { createDataChannelTransport } from './dataChannel.js'
import { createMediaClock } from './mediaClock.js'
import { createMediaMeter, type MediaMeter } from './meter.js'
import type { Network } from './network.js'
import { describe, type Media, type Publisher } from './publisher.js'
import { createForwardedTrack } from './track.js'

/** One viewer's connection: its tracks, its gate, and the data channel on which it pays. */
export type Viewer = {
  readonly id: string
  readonly answer: string
  /** The session on the viewer's data channel was proven to speak for a channel. */
  readonly joined: (session: PayeeSession) => void
  readonly left: () => void
  /** The gate of the viewer's channel opened or closed. */
  readonly gate: () => void
  /** Milliseconds of media that went out to it. */
  readonly delivered: () => number
  readonly close: () => Promise<void>
}

export type ViewerParameters = {
  readonly id: string
  readonly offer: string
  readonly publisher: Publisher
  readonly network: Network
  readonly clock: Clock
  /** Takes the viewer's data channel in. */
  readonly accept: (transport: Transport) => void
  readonly onEnd: () => void
  readonly onFault: (error: unknown) => void
}

/** The label of the data channel that carries sessions. */
export const sessionLabel = 'sluice'
/** How long a connection may stand without a session that pays, milliseconds. */
const unpaidMs = 30_000
const videoRate = 90_000
const audioRate = 48_000

/**
 * Accepts a viewer's offer (WHEP). Nothing is forwarded before the session on its data channel pays; audio goes on for as
 * long as the credit lasts, video only while media is paid ahead.
 *
 * @param parameters the viewer's offer and its surroundings
 * @throws SluiceError `malformed-message` when the offer cannot be answered
 */
export async function acceptViewer(parameters: ViewerParameters): Promise<Viewer> {
  const { id, publisher, clock, onFault } = parameters
  const connection = new RTCPeerConnection({
    ...parameters.network,
    // A viewer is sent what the publisher sends: nothing is transcoded.
    codecs: { video: [publisher.video === 'H264' ? useH264() : useVP8()], audio: [useOPUS()] },
  })
  let session: PayeeSession | undefined
  let meter: MediaMeter | undefined
  let over = false
  let delivered = 0
  /** Whether the measured track may go out. */
  let flowing = false
  let end: (reason: string) => void = () => undefined
  const close = async (): Promise<void> => {
    if (over) return
    over = true
    meter?.stop()
    cancelIdle()
    stopListening()
    shut()
    end('closed')
    parameters.onEnd()
    await connection.close()
  }
  const closeLater = (): void => {
    close().catch(onFault)
  }
  const cancelIdle = clock.schedule(unpaidMs, closeLater)

  connection.onDataChannel.subscribe((channel: RTCDataChannel) => {
    if (channel.label !== sessionLabel || over) return
    const transport = createDataChannelTransport(channel, closeLater)
    end = transport.end
    // The payee speaks first, which it can only on an open channel.
    if (channel.readyState === 'open') parameters.accept(transport)
    else {
      channel.stateChanged.subscribe((state) => {
        if (state === 'open') parameters.accept(transport)
      })
    }
  })
  connection.connectionStateChange.subscribe((state) => {
    if (state === 'failed' || state === 'closed' || state === 'disconnected') closeLater()
  })
  connection.onRemoteTransceiverAdded.subscribe((transceiver) => {
    transceiver.setDirection('sendonly')
  })
  await describe(connection, parameters.offer)

  const senderOf = (kind: Media['kind']) =>
    connection.getTransceivers().find((transceiver) => transceiver.kind === kind && !transceiver.rejected)
      ?.sender
  const videoSender = publisher.video === undefined ? undefined : senderOf('video')
  const audioSender = publisher.hasAudio ? senderOf('audio') : undefined
  const video = videoSender && createForwardedTrack(videoSender, true)
  const audio = audioSender && createForwardedTrack(audioSender, false)
  videoSender?.onPictureLossIndication.subscribe(() => {
    // A viewer behind a closed gate has no picture to lose.
    if (video?.isOpen() === true) publisher.refresh()
  })
  // One track is the measure of what was delivered: the picture where there is one.
  const measured: Media['kind'] = video === undefined ? 'audio' : 'video'
  const time = createMediaClock(measured === 'video' ? videoRate : audioRate)

  const stopListening = publisher.onMedia(({ kind, packet, begins }) => {
    const track = kind === 'video' ? video : audio
    if (track === undefined || session === undefined || meter === undefined) return
    if (kind === measured) {
      const reached = time.advance(packet.header.timestamp)
      flowing = isPlaying(session) && meter.take(reached)
      if (flowing) delivered += reached
    }
    // On credit there is sound only: a picture that freezes tells the viewer why before everything stops.
    if (!flowing || (kind === 'video' && session.channel.state().phase !== 'paid')) return track.close()
    if (track.isOpen()) return track.forward(packet, begins)
    const pictures = kind === 'video' ? publisher.pictures() : []
    track.open(pictures)
    if (kind === 'video') publisher.refresh()
    // The group holds the newest packet already.
    if (pictures.at(-1) !== packet) track.forward(packet, begins)
  })

  function shut(): void {
    flowing = false
    video?.close()
    audio?.close()
  }

  return {
    id,
    answer: connection.localDescription?.sdp ?? '',
    joined(joining) {
      session = joining
      cancelIdle()
      meter = createMediaMeter({ deliver: joining.channel.deliver, schedule: clock.schedule, onFault })
    },
    left() {
      // Whose data channel is gone cannot pay; it comes back on a connection of its own.
      closeLater()
    },
    gate() {
      meter?.retry()
    },
    delivered: () => delivered,
    close,
  }
}

/** Whether the viewer says that it shows what it is sent. */
function isPlaying(session: PayeeSession): boolean {
  return session.channel.state().viewerPlaying
}
