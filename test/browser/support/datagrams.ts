import { Socket } from 'node:dgram'

/** A datagram of a connection's encryption layer (RFC 6347). */
export type Datagram = { readonly bytes: Buffer; readonly socket: Socket; readonly way: 'in' | 'out' }

type Method<Result> = (this: Socket, ...given: unknown[]) => Result

const headerLength = 13

/**
 * Looks at each datagram of DTLS that sockets of this process send or receive.
 *
 * @param passes told each; false: it is lost on its way
 * @returns ends the watching
 */
export function watchDatagrams(passes: (datagram: Datagram) => boolean): () => void {
  const send = Reflect.get(Socket.prototype, 'send') as Method<void>
  const emit = Reflect.get(Socket.prototype, 'emit') as Method<boolean>
  const isLost = (bytes: unknown, socket: Socket, way: Datagram['way']): boolean =>
    Buffer.isBuffer(bytes) && isDtls(bytes) && !passes({ bytes: Buffer.from(bytes), socket, way })

  const watched: { readonly send: Method<void>; readonly emit: Method<boolean> } = {
    send(...given) {
      if (!isLost(given[0], this, 'out')) {
        send.apply(this, given)
        return
      }
      const callback = given.at(-1) as ((error: null) => void) | undefined
      callback?.(null)
    },
    emit(...given) {
      return (given[0] === 'message' && isLost(given[1], this, 'in')) || emit.apply(this, given)
    },
  }
  Object.assign(Socket.prototype, watched)
  return () => {
    Object.assign(Socket.prototype, { send, emit })
  }
}

function isDtls(bytes: Buffer): boolean {
  const [first = 0] = bytes
  return bytes.length >= headerLength && first >= 20 && first <= 63
}

/** What stands in the heads of a datagram's records. */
export function recordsOf(
  bytes: Buffer,
): readonly { readonly type: number; readonly epoch: number; readonly number: number }[] {
  const records = []
  for (let at = 0; at + headerLength <= bytes.length; at += headerLength + bytes.readUInt16BE(at + 11)) {
    records.push({
      type: bytes.readUInt8(at),
      epoch: bytes.readUInt16BE(at + 3),
      number: bytes.readUIntBE(at + 5, 6),
    })
  }
  return records
}
