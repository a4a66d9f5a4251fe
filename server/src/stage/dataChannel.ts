import type { RTCDataChannel } from 'werift'
import { maxFrame, type Transport } from '@sluice/sdk/session'

/** Bytes waiting for a viewer above which its connection is ended. */
const endBytes = 1_048_576

/**
 * A viewer's data channel as a transport. Frames are text; the protocol has nothing to say in bytes.
 *
 * @param channel open, ordered and reliable
 * @param close ends the connection under it
 */
export function createDataChannelTransport(channel: RTCDataChannel, close: () => void): Transport {
  const early: string[] = []
  let onFrame: ((frame: string) => void) | undefined
  let onClose: ((reason: string) => void) | undefined
  let ended: string | undefined

  const end = (reason: string): void => {
    if (ended !== undefined) return
    ended = reason
    onClose?.(reason)
  }
  channel.onMessage.subscribe((data) => {
    if (ended !== undefined) return
    // One character more than is allowed is refused like any longer frame, without being kept.
    const frame = typeof data === 'string' ? data.slice(0, maxFrame + 1) : ''
    if (onFrame === undefined) early.push(frame)
    else onFrame(frame)
  })
  channel.stateChanged.subscribe((state) => {
    if (state === 'closed') end('closed')
  })
  channel.error.subscribe(() => {
    end('failed')
  })

  return {
    send: (frame) => {
      if (ended !== undefined || channel.readyState !== 'open') return
      channel.send(frame)
      if (channel.bufferedAmount <= endBytes) return
      end('too slow')
      close()
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
    close: (reason) => {
      end(reason)
      close()
    },
  }
}
