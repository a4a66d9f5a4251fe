import { WebSocket } from 'ws'
import { maxFrame } from '@sluice/sdk/session'

/** Close codes of RFC 6455 that mean a frame was refused, and what the sender is told before. */
const refusals: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  1002: { code: 'malformed-message', message: 'This is not a WebSocket frame.' },
  1003: { code: 'malformed-message', message: 'Frames are text, not bytes.' },
  1007: { code: 'malformed-message', message: 'The frame is not UTF-8.' },
  1009: { code: 'message-too-large', message: `The frame is too large: at most ${maxFrame} bytes.` },
}

/**
 * A server's socket that says in the protocol's own words why it ends a connection. `ws` closes with a bare number when
 * a frame is too large or broken; a person who writes a client deserves the sentence.
 */
export class SessionSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const refusal = code === undefined ? undefined : refusals[code]
    if (refusal === undefined || this.readyState !== WebSocket.OPEN) {
      super.close(code, reason)
      return
    }
    this.emit('refused', refusal.code)
    this.send(JSON.stringify({ v: 1, type: 'error', ...refusal, retryable: false }))
    super.close(code, reason ?? refusal.code)
  }
}
