import type { RTCRtpSender, RtpPacket } from 'werift'
import { costOf, type Clock, type PayeeSession, type Price } from '@sluice/sdk/session'
import { createMediaClock, mediaBetween } from './mediaClock.js'
import { createMediaMeter, sliceMs, type MediaMeter } from './meter.js'
import type { Media, Publisher } from './publisher.js'
import { distance } from './sequence.js'
import { createForwardedTrack } from './track.js'

/** What one viewer is sent of the publisher's media: what its session pays, as it pays. */
export type Delivery = {
  /** From now on this session pays. */
  readonly paidBy: (session: PayeeSession) => void
  /** Asks again at once, because the gate of the channel opened. */
  readonly retry: () => void
  /** Milliseconds of media that went out. */
  readonly delivered: () => number
  readonly stop: () => void
}

export type DeliveryParameters = {
  readonly publisher: Publisher
  /** Of the viewer's connection; a kind that is not there is not sent. */
  readonly senders: { readonly video: RTCRtpSender | undefined; readonly audio: RTCRtpSender | undefined }
  /** Whether packets reach the viewer. */
  readonly isReachable: () => boolean
  /** What a session that joins now pays. */
  readonly price: () => Price
  readonly clock: Clock
  readonly onFault: (error: unknown) => void
}

const videoRate = 90_000
const audioRate = 48_000

/**
 * Forwards media to one viewer. Nothing goes out before it is bought; sound goes on for as long as the credit lasts, the
 * picture only while media is paid ahead.
 *
 * @param parameters from whom, to whom, and what it costs
 */
export function createDelivery(parameters: DeliveryParameters): Delivery {
  const { publisher, senders, clock } = parameters
  const video = senders.video && createForwardedTrack(senders.video)
  const audio = senders.audio && createForwardedTrack(senders.audio)
  // One track is the measure of what was delivered: the picture where there is one.
  const measured: Media['kind'] = video === undefined ? 'audio' : 'video'
  const time = createMediaClock(measured === 'video' ? videoRate : audioRate)
  let session: PayeeSession | undefined
  let meter: MediaMeter | undefined
  let price: Price | undefined
  let delivered = 0
  /** Whether the measured track may go out. */
  let flowing = false
  /** The newest packet of the picture that went out. */
  let shown: RtpPacket['header'] | undefined

  senders.video?.onPictureLossIndication.subscribe(() => {
    // A viewer behind a closed gate has no picture to lose.
    if (video?.isOpen() === true) publisher.refresh()
  })
  const stopListening = publisher.onMedia(({ kind, packet, begins }) => {
    const track = kind === 'video' ? video : audio
    if (track === undefined || session === undefined || meter === undefined) return
    const { viewerPlaying, phase } = session.channel.state()
    if (kind === measured) {
      const reached = time.advance(packet.header.timestamp)
      flowing = viewerPlaying && parameters.isReachable() && meter.take(reached)
      if (flowing) delivered += reached
    }
    // On credit there is sound only: a picture that freezes tells the viewer why before everything stops.
    if (!flowing || (kind === 'video' && phase !== 'paid')) return track.close()
    if (kind === 'audio') {
      track.open([], true)
      return track.forward(packet, false)
    }
    if (track.isOpen() || openVideo(packet)) {
      track.forward(packet, begins)
      shown = packet.header
    }
  })

  /** Opens with what of the last group of pictures the viewer has not had, when that is paid; else with the next group. */
  function openVideo(packet: RtpPacket): boolean {
    if (video === undefined || meter === undefined) return false
    // Many publishers make a new picture when asked; the group is for those that do not.
    publisher.refresh()
    const group = publisher.pictures()
    const { from, goesOn } = startOf(group, packet)
    const pastMs = Math.max(0, mediaBetween(from.timestamp, packet.header.timestamp, videoRate))
    if (pastMs > 0 && !isPaid(pastMs)) {
      video.open([], false)
      return true
    }
    if (pastMs > 0) {
      if (!meter.afford(pastMs) || !meter.take(pastMs)) return false
      delivered += pastMs
    }
    // The group holds the newest packet already, which is forwarded next.
    const missed = group.filter(
      ({ header }) =>
        header !== packet.header && (!goesOn || distance(from.sequenceNumber, header.sequenceNumber) > 0),
    )
    video.open(missed, goesOn || missed.length > 0)
    return true
  }

  /** Where to go on: after what was shown of this group, or at its beginning. */
  function startOf(group: readonly RtpPacket[], packet: RtpPacket) {
    const first = group[0]?.header ?? packet.header
    const goesOn =
      shown !== undefined &&
      group.length > 0 &&
      mediaBetween(first.timestamp, shown.timestamp, videoRate) >= 0
    return { from: goesOn && shown !== undefined ? shown : first, goesOn }
  }

  /** Whether milliseconds at once are paid ahead: asking for more would close the gate. */
  function isPaid(milliseconds: number): boolean {
    if (session === undefined || price === undefined) return false
    const { accepted, spent } = session.channel.record()
    return accepted - spent >= costOf(price, BigInt(Math.ceil(milliseconds) + sliceMs))
  }

  return {
    paidBy(joined) {
      session = joined
      price = parameters.price()
      meter = createMediaMeter({
        deliver: joined.channel.deliver,
        schedule: clock.schedule,
        onFault: parameters.onFault,
      })
    },
    retry() {
      meter?.retry()
    },
    delivered: () => delivered,
    stop() {
      stopListening()
      meter?.stop()
      video?.close()
      audio?.close()
    },
  }
}
