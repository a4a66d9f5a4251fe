import type { RTCPeerConnection, RTCSctpTransport } from 'werift'
import { SluiceError } from '@sluice/sdk'
import { numberRecords } from './dtlsRecords.js'

const required = [/^v=0/, /^m=(audio|video|application) /m, /^a=ice-ufrag:/m, /^a=fingerprint:/m]

/**
 * Takes a remote offer and makes the answer, candidates included.
 *
 * @throws SluiceError `malformed-message` when it cannot be answered
 */
export async function describe(connection: RTCPeerConnection, offer: string): Promise<void> {
  try {
    // What lacks these is taken for an offer of nothing, and answered.
    const missing = required.find((line) => !line.test(offer))
    if (missing !== undefined) throw new Error(`no line ${missing.source}`)
    await connection.setRemoteDescription({ type: 'offer', sdp: offer })
    for (const transport of connection.dtlsTransports) numberRecords(transport)
    if (connection.sctpTransport !== undefined) shortenFirstWait(connection.sctpTransport)
    await connection.setLocalDescription(await connection.createAnswer())
  } catch (cause) {
    await connection.close()
    throw new SluiceError({
      code: 'malformed-message',
      message: 'The connection could not be made.',
      details: `the offer cannot be answered: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    })
  }
}

/**
 * Sends what nobody acknowledged again after a second (RFC 9260, 16), as long as nothing is known of the network. werift
 * waits three, and what is lost may be the payee's first word.
 */
function shortenFirstWait({ sctp }: RTCSctpTransport): void {
  sctp['rto'] = 1
}
