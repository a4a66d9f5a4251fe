import type { Transport } from '../session/ports.js'

/** The part of the standard RTCDataChannel that is used, so that any implementation fits. */
export type DataChannelLike = {
  readonly bufferedAmount: number
  readonly readyState: string
  send: (data: string) => void
  close: () => void
  addEventListener: {
    (type: 'open' | 'close' | 'error', listener: () => void): void
    (type: 'message', listener: (event: { readonly data: unknown }) => void): void
  }
}

/**
 * A data channel as a transport.
 *
 * @param channel ordered and reliable
 * @param close ends the connection under it
 */
export function wrapDataChannel(channel: DataChannelLike, close: () => void): Transport {
  const early: string[] = []
  let onFrame: ((frame: string) => void) | undefined
  let onClose: ((reason: string) => void) | undefined
  let ended: string | undefined
  const end = (reason: string): void => {
    if (ended !== undefined) return
    ended = reason
    close()
    onClose?.(reason)
  }
  channel.addEventListener('message', ({ data }) => {
    // Frames are text; an empty one is refused as unreadable.
    const frame = typeof data === 'string' ? data : ''
    if (onFrame === undefined) early.push(frame)
    else onFrame(frame)
  })
  channel.addEventListener('close', () => {
    end('closed')
  })
  channel.addEventListener('error', () => {
    end('failed')
  })
  return {
    send: (frame) => {
      if (channel.readyState === 'open') channel.send(frame)
    },
    bufferedBytes: () => channel.bufferedAmount,
    onFrame: (listener) => {
      onFrame = listener
      for (const frame of early.splice(0)) listener(frame)
    },
    onClose: (listener) => {
      onClose = listener
      if (ended !== undefined) listener(ended)
    },
    close: end,
  }
}
