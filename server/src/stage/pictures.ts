import { H264RtpPayload, NalUnitType, Vp8RtpPayload, type RtpPacket } from 'werift'

export type VideoCodec = 'VP8' | 'H264'

/** The packets from the last picture that needs no other, while they are few enough to be sent at once. */
export type PictureCache = {
  /** Takes a packet in; true when it begins a picture that needs no other. */
  readonly add: (packet: RtpPacket) => boolean
  /** From the last such picture on; empty when it lies too far back. */
  readonly packets: () => readonly RtpPacket[]
  readonly clear: () => void
}

/** What a network takes in one go: two seconds or so of a usual stream. */
const longestGroup = 600

/**
 * Keeps the last group of pictures, for publishers that do not make a new one when asked, as OBS does.
 *
 * @param codec of the track
 */
export function createPictureCache(codec: VideoCodec): PictureCache {
  let group: RtpPacket[] | undefined
  let startedAt: number | undefined

  return {
    add(packet) {
      const { timestamp } = packet.header
      // Parameter sets and the slices of one picture are several packets of one time.
      const begins = timestamp !== startedAt && beginsPicture(codec, packet.payload)
      if (begins) {
        startedAt = timestamp
        group = []
      }
      group?.push(packet)
      if (group !== undefined && group.length > longestGroup) group = undefined
      return begins
    },
    packets: () => group ?? [],
    clear() {
      group = undefined
      startedAt = undefined
    },
  }
}

/** Whether a payload is the first of a picture that needs no other (RFC 7741, 4.3; RFC 6184, 5.2). */
export function beginsPicture(codec: VideoCodec, payload: Buffer): boolean {
  if (payload.length < 2) return false
  if (codec === 'VP8') {
    const vp8 = Vp8RtpPayload.deSerialize(payload)
    return vp8.isPartitionHead && vp8.pid === 0 && vp8.isKeyframe
  }
  const h264 = H264RtpPayload.deSerialize(payload)
  const { nalUnitType, aggregatedNalUnitTypes } = h264
  if (nalUnitType === NalUnitType.sps || aggregatedNalUnitTypes.includes(NalUnitType.sps)) return true
  return h264.isKeyframe && (h264.s === undefined || h264.s === 1)
}
