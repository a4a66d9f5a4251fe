import { Socket } from 'node:dgram'

const closed = 'ERR_SOCKET_DGRAM_NOT_RUNNING'

/**
 * Puts a bad network between UDP sockets of this process that are made from now on: every packet they send is late, and some
 * are lost. Those that arrive keep their order, as on one path through the net. Sockets that were there before, such as a
 * publisher's, are left alone.
 *
 * @param {{ delayMs: number, jitterMs: number, loss: number }} parameters of each way; `loss`: part of the packets
 */
export function worsenNetwork({ delayMs, jitterMs, loss }) {
  const before = new WeakSet(process._getActiveHandles().filter((handle) => handle instanceof Socket))
  /** When the last packet of a socket arrives. */
  const lastAtMs = new WeakMap()
  const send = Socket.prototype.send
  Socket.prototype.send = function late(...given) {
    if (before.has(this)) return send.apply(this, given)
    const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined
    callback?.(null)
    if (Math.random() < loss) return
    // The buffer is the sender's again after the call.
    const [message, ...rest] = given
    const copy = Buffer.from(message)
    const nowMs = performance.now()
    const dueMs = nowMs + delayMs + (Math.random() * 2 - 1) * jitterMs
    // Timers of one moment fire in the order they were set, those of moments closer than a millisecond may not.
    const atMs = Math.max(dueMs, (lastAtMs.get(this) ?? 0) + 1)
    lastAtMs.set(this, atMs)
    setTimeout(() => {
      try {
        send.call(this, copy, ...rest, () => undefined)
      } catch (error) {
        if (error.code !== closed) throw error
      }
    }, atMs - nowMs)
  }
}
