import type { RTCRtpSender, RtpPacket } from 'werift'
import { createSequenceRewriter, type SequenceRewriter } from './sequence.js'

/** One track towards one viewer, behind its gate. */
export type ForwardedTrack = {
  readonly isOpen: () => boolean
  /**
   * Forwards from now on, beginning with `packets`. Unless what follows them `stands`, because it needs nothing that the
   * viewer lacks, it waits for a picture that stands by itself.
   */
  readonly open: (packets: readonly RtpPacket[], stands: boolean) => void
  readonly close: () => void
  /** Sends a packet when the gate is open. `begins`: it starts a picture that stands by itself. */
  readonly forward: (packet: RtpPacket, begins: boolean) => void
}

/**
 * Puts a gate in front of a sender.
 *
 * @param sender of the viewer's connection
 */
export function createForwardedTrack(sender: RTCRtpSender): ForwardedTrack {
  let open = false
  let waiting = false
  let rewriter: SequenceRewriter | undefined

  function send(packet: RtpPacket): void {
    const { sequenceNumber } = packet.header
    rewriter ??= createSequenceRewriter(sequenceNumber)
    const outgoing = rewriter.next(sequenceNumber)
    if (outgoing === undefined) return
    const copy = packet.clone()
    copy.header.sequenceNumber = outgoing
    // Their numbers differ from connection to connection; the sender puts its own.
    copy.header.extensions = []
    copy.header.extension = false
    // What cannot be sent now is lost, as on any network.
    sender.sendRtp(copy).catch(() => undefined)
  }

  return {
    isOpen: () => open,
    open(packets, stands) {
      if (open) return
      open = true
      waiting = !stands
      rewriter?.reopen()
      for (const packet of packets) send(packet)
    },
    close() {
      open = false
    },
    forward(packet, begins) {
      if (!open || (waiting && !begins)) return
      waiting = false
      send(packet)
    },
  }
}
