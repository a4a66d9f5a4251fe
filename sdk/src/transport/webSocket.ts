import { SluiceError } from '../errors.js'
import type { Transport } from '../session/ports.js'

/** The part of the standard WebSocket that is used, so that any implementation fits. */
export type WebSocketLike = {
  readonly bufferedAmount: number
  readonly readyState: number
  send: (data: string) => void
  close: (code?: number, reason?: string) => void
  addEventListener: {
    (type: 'open' | 'error', listener: () => void): void
    (type: 'message', listener: (event: { readonly data: unknown }) => void): void
    (type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void
  }
}

const openState = 1

/**
 * Connects to a payee by WebSocket.
 *
 * @param url `ws:` or `wss:`
 * @param open makes the socket; default: the platform's WebSocket
 * @throws SluiceError `payee-offline` when the connection cannot be made
 */
export function connectWebSocket(
  url: string,
  open: (url: string) => WebSocketLike = (target) => new WebSocket(target),
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = open(url)
    const transport = wrapWebSocket(socket)
    let opened = false
    socket.addEventListener('open', () => {
      opened = true
      resolve(transport)
    })
    socket.addEventListener('close', ({ code, reason }) => {
      if (opened) return
      reject(
        new SluiceError({
          code: 'payee-offline',
          message: 'The streamer cannot be reached.',
          details: `${url} closed with ${code} ${reason}`.trim(),
          action: 'wait',
          retryable: true,
        }),
      )
    })
  })
}

/**
 * A WebSocket as a transport.
 *
 * @param socket connecting or open
 */
export function wrapWebSocket(socket: WebSocketLike): Transport {
  const early: string[] = []
  let onFrame: ((frame: string) => void) | undefined
  let onClose: ((reason: string) => void) | undefined
  let ended: string | undefined
  socket.addEventListener('message', ({ data }) => {
    // Frames are text; a peer that sends bytes is not speaking this protocol, and an empty frame is refused as such.
    const frame = typeof data === 'string' ? data : ''
    if (onFrame === undefined) early.push(frame)
    else onFrame(frame)
  })
  const end = (reason: string): void => {
    if (ended !== undefined) return
    ended = reason
    onClose?.(reason)
  }
  socket.addEventListener('close', ({ code, reason }) => {
    end(reason === '' ? String(code) : reason)
  })
  // An error is always followed by a close; without a listener some implementations would throw it.
  socket.addEventListener('error', () => undefined)
  return {
    send: (frame) => {
      if (socket.readyState === openState) socket.send(frame)
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
