import type { RTCDtlsTransport } from 'werift'

type Dtls = NonNullable<RTCDtlsTransport['dtls']>
type Packet = Parameters<Dtls['cipher']['encryptPacket']>[0]

/** Content type of a handshake message (RFC 5246, 6.2.1). */
const handshake = 22
const headerLength = 13

/**
 * Gives every DTLS record of a connection a number of its own (RFC 6347, 4.1; of an encrypted one it is the nonce). werift
 * repeats them, and browsers drop what they take for a repetition:
 *
 * - Its sixth encrypted record has the number of its `Finished`. Whatever is in it comes a second or more late.
 * - What it sends again of a handshake keeps its numbers. So a browser whose last flight was lost is never asked for it:
 *   it takes the connection for made, and the stage waits, without a picture.
 *
 * @param transport that has not started
 */
export function numberRecords(transport: RTCDtlsTransport): void {
  const { unSubscribe } = transport.onStateChange.subscribe((state) => {
    if (state !== 'connecting') return
    unSubscribe()
    // It says so just before it makes what sends.
    queueMicrotask(() => {
      if (transport.dtls !== undefined) number(transport.dtls)
    })
  })
}

function number({ cipher, transport: { socket } }: Dtls): void {
  const encrypt = cipher.encryptPacket.bind(cipher)
  const send = socket.send.bind(socket)
  let plainRecords = 0
  let encryptedRecords = 0
  /** The one handshake message that is encrypted, as it was before. */
  let finished: { readonly packet: Packet; readonly fragment: Buffer } | undefined
  let isFinishedSent = false

  cipher.encryptPacket = (packet) => {
    const { recordLayerHeader: header, fragment } = packet
    header.sequenceNumber = encryptedRecords
    encryptedRecords += 1
    if (header.contentType === handshake) finished = { packet, fragment }
    return encrypt(packet)
  }

  socket.send = (datagram, address) => {
    if (isPlain(datagram)) plainRecords = renumber(datagram, plainRecords)
    else if (datagram[0] === handshake && finished !== undefined) {
      if (isFinishedSent) return send(encryptAnew(finished), address)
      isFinishedSent = true
    }
    return send(datagram, address)
  }

  function encryptAnew({ packet, fragment }: NonNullable<typeof finished>): Buffer {
    packet.fragment = fragment
    packet.recordLayerHeader.contentLen = fragment.length
    return cipher.encryptPacket(packet).serialize()
  }
}

/** Whether the records of a datagram are of the epoch before encryption. */
function isPlain(datagram: Buffer): boolean {
  return datagram.readUInt16BE(3) === 0
}

/** Numbers the records of a datagram, in place; the number of the next. */
function renumber(datagram: Buffer, first: number): number {
  let next = first
  for (let at = 0; at < datagram.length; at += headerLength + datagram.readUInt16BE(at + 11)) {
    datagram.writeUIntBE(next, at + 5, 6)
    next += 1
  }
  return next
}
