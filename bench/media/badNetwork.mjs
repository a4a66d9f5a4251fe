import { Socket } from 'node:dgram'

const closed = 'ERR_SOCKET_DGRAM_NOT_RUNNING'

/**
 * Puts a bad network between UDP sockets of this process that are made from now on: every packet they send is late, and some
 * are lost. Sockets that were there before, such as a publisher's, are left alone.
 *
 * @param {{ delayMs: number, jitterMs: number, loss: number }} parameters of each way; `loss`: part of the packets
 */
export function worsenNetwork({ delayMs, jitterMs, loss }) {
  const before = new WeakSet(process._getActiveHandles().filter((handle) => handle instanceof Socket))
  const send = Socket.prototype.send
  Socket.prototype.send = function late(...given) {
    if (before.has(this)) return send.apply(this, given)
    const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined
    callback?.(null)
    if (Math.random() < loss) return
    // The buffer is the sender's again after the call.
    const [message, ...rest] = given
    const copy = Buffer.from(message)
    setTimeout(
      () => {
        try {
          send.call(this, copy, ...rest, () => undefined)
        } catch (error) {
          if (error.code !== closed) throw error
        }
      },
      delayMs + (Math.random() * 2 - 1) * jitterMs,
    )
  }
}
