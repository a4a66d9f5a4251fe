import { Socket } from 'node:dgram'

const closed = 'ERR_SOCKET_DGRAM_NOT_RUNNING'

/**
 * Puts a bad network around UDP sockets of this process that are made from now on: every packet they send or receive is late,
 * and some are lost. Those that arrive keep their order, as on one path through the net. Sockets that were there before, such
 * as a publisher's, are left alone.
 *
 * @param {{ delayMs: number, jitterMs: number, loss: number }} parameters of each way; `loss`: part of the packets
 */
export function worsenNetwork(parameters) {
  const before = new WeakSet(process._getActiveHandles().filter((handle) => handle instanceof Socket))
  const { send, emit } = Socket.prototype
  const outward = createPath(parameters)
  const inward = createPath(parameters)

  Socket.prototype.send = function late(...given) {
    if (before.has(this)) return send.apply(this, given)
    const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined
    callback?.(null)
    // The buffer is the sender's again after the call.
    const [message, ...rest] = given
    const copy = Buffer.from(message)
    outward(this, () => {
      try {
        send.call(this, copy, ...rest, () => undefined)
      } catch (error) {
        if (error.code !== closed) throw error
      }
    })
  }
  Socket.prototype.emit = function late(event, ...given) {
    if (event !== 'message' || before.has(this)) return emit.call(this, event, ...given)
    inward(this, () => emit.call(this, event, ...given))
    return true
  }
}

/** One way through the net, of each socket by itself. */
function createPath({ delayMs, jitterMs, loss }) {
  /** When the last packet of a socket arrives. */
  const lastAtMs = new WeakMap()
  return (socket, arrive) => {
    if (Math.random() < loss) return
    const nowMs = performance.now()
    const dueMs = nowMs + delayMs + (Math.random() * 2 - 1) * jitterMs
    // Timers of one moment fire in the order they were set, those of moments closer than a millisecond may not.
    const atMs = Math.max(dueMs, (lastAtMs.get(socket) ?? 0) + 1)
    lastAtMs.set(socket, atMs)
    setTimeout(arrive, atMs - nowMs)
  }
}
