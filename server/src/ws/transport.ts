import type { Duplex } from 'node:stream'
import type { Clock, Transport } from '@sluice/sdk/session'
import type { SessionSocket } from './socket.js'
import { readVouchers, voucherStart } from './voucherFrames.js'

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
  /** Something came in. */
  readonly onHeard: () => void
}

const ackStart = '{"v":1,"type":"ack"'
/** Longest payloads whose length fits a frame's second byte, and the two after it. */
const longestShort = 125
const longestMedium = 0xffff
const ascii = /^[\x20-\x7e]*$/
const errorCode = /^\{"v":1,"type":"error","code":"([a-z0-9-]+)"/

/**
 * A server's WebSocket as a transport. It never buffers without bound: who does not read is ended.
 *
 * @param parameters the socket, open already
 */
export function createWsTransport(parameters: WsTransportParameters): Transport {
  const { socket, connection, clock, endBytes, observer, onHeard } = parameters
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

  const take = (frame: string): void => {
    if (onFrame === undefined) early.push(frame)
    else onFrame(frame)
  }

  const takeVoucher = (frame: string): void => {
    voucherAtMs ??= clock.now()
    take(frame)
  }

  socket.on('message', (data, isBinary) => {
    onHeard()
    if (ended !== undefined) return
    if (isBinary) {
      socket.close(1003)
      return
    }
    const frame = textOf(data)
    if (frame.startsWith(voucherStart)) takeVoucher(frame)
    else take(frame)
  })
  readVouchers(socket, (frame) => {
    onHeard()
    if (ended === undefined) takeVoucher(frame)
  })
  socket.on('refused', observer.onRefused)
  // An error is always followed by a close; without a listener it would end the process.
  socket.on('error', () => undefined)
  socket.on('close', (code, reason) => {
    end(reason.length === 0 ? String(code) : reason.toString())
  })

  /**
   * Writes a frame in one piece (RFC 6455, 5.2: final, text, unmasked). `ws` writes two, head and text, which costs twice
   * as much; and frames are most of what a server of many sessions spends besides signatures.
   */
  function write(frame: string): void {
    const { length } = frame
    // In ASCII characters and bytes are the same.
    if (length > longestMedium || !ascii.test(frame)) socket.send(frame)
    else if (length <= longestShort) connection.write(`\x81${String.fromCharCode(length)}${frame}`, 'latin1')
    else {
      connection.write(`\x81\x7e${String.fromCharCode(length >> 8, length & 0xff)}${frame}`, 'latin1')
    }
  }

  function observe(frame: string): void {
    if (frame.startsWith(ackStart)) {
      if (voucherAtMs !== undefined) observer.onAcknowledged(clock.now() - voucherAtMs)
      voucherAtMs = undefined
      return
    }
    const refused = errorCode.exec(frame)?.[1]
    if (refused === undefined) return
    voucherAtMs = undefined
    observer.onRefused(refused)
  }

  return {
    send: (frame) => {
      if (ended !== undefined || socket.readyState !== socket.OPEN) return
      observe(frame)
      write(frame)
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
