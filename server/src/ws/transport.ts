import type { Duplex } from 'node:stream'
import type { Clock, Transport } from '@sluice/sdk/session'
import type { SessionSocket } from './socket.js'

/** What is measured of a connection. */
export type TransportObserver = {
  /** Milliseconds from a voucher to its acknowledgement. */
  readonly onAcknowledged: (milliseconds: number) => void
  readonly onRefused: (code: string) => void
  /** This side ended the connection, because of … */
  readonly onEnded: (why: string) => void
}

export type WsTransportParameters = {
  readonly socket: SessionSocket
  /** The connection under `socket`, which must not compress. */
  readonly connection: Duplex
  readonly clock: Clock
  /** Bytes waiting for the client above which the connection is ended. */
  readonly endBytes: number
  readonly observer: TransportObserver
}

const voucherStart = '{"v":1,"type":"voucher"'
const ackStart = '{"v":1,"type":"ack"'
/** Longest payload of a frame whose length fits its second byte. */
const longestShort = 125
const ascii = /^[\x20-\x7e]*$/
const errorCode = /^\{"v":1,"type":"error","code":"([a-z0-9-]+)"/

/**
 * A server's WebSocket as a transport. It never buffers without bound: who does not read is ended.
 *
 * @param parameters the socket, open already
 */
export function createWsTransport(parameters: WsTransportParameters): Transport {
  const { socket, connection, clock, endBytes, observer } = parameters
  const early: string[] = []
  let onFrame: ((frame: string) => void) | undefined
  let onClose: ((reason: string) => void) | undefined
  let ended: string | undefined
  let voucherAtMs: number | undefined

  const end = (reason: string): void => {
    if (ended !== undefined) return
    ended = reason
    onClose?.(reason)
  }

  socket.on('message', (data, isBinary) => {
    if (ended !== undefined) return
    if (isBinary) {
      socket.close(1003)
      return
    }
    const frame = textOf(data)
    if (frame.startsWith(voucherStart)) voucherAtMs ??= clock.now()
    if (onFrame === undefined) early.push(frame)
    else onFrame(frame)
  })
  socket.on('refused', observer.onRefused)
  // An error is always followed by a close; without a listener it would end the process.
  socket.on('error', () => undefined)
  socket.on('close', (code, reason) => {
    end(reason.length === 0 ? String(code) : reason.toString())
  })

  function acknowledge(frame: string): void {
    if (voucherAtMs !== undefined) observer.onAcknowledged(clock.now() - voucherAtMs)
    voucherAtMs = undefined
    if (frame.length <= longestShort && ascii.test(frame)) {
      // RFC 6455, 5.2: a final text frame of up to 125 bytes is two bytes and the text. In one piece it costs half of
      // the two that `ws` writes, and most of what a server of many sessions sends is acknowledgements.
      connection.write(`\x81${String.fromCharCode(frame.length)}${frame}`, 'latin1')
    } else socket.send(frame)
  }

  function observe(frame: string): void {
    const refused = errorCode.exec(frame)?.[1]
    if (refused === undefined) return
    voucherAtMs = undefined
    observer.onRefused(refused)
  }

  return {
    send: (frame) => {
      if (ended !== undefined || socket.readyState !== socket.OPEN) return
      if (frame.startsWith(ackStart)) acknowledge(frame)
      else {
        observe(frame)
        socket.send(frame)
      }
      if (socket.bufferedAmount <= endBytes) return
      observer.onEnded('slow')
      socket.terminate()
      end('too slow')
    },
    bufferedBytes: () => socket.bufferedAmount,
    onFrame: (listener) => {
      onFrame = listener
      for (const frame of early.splice(0)) listener(frame)
    },
    onClose: (listener) => {
      onClose = listener
      if (ended !== undefined) listener(ended)
    },
    close: (reason) => {
      socket.close(1000, reason.slice(0, 120))
      end(reason)
    },
  }
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}
