import type { Clock, Transport } from '../session/ports.js'

/** What becomes of one frame: one delivery a delay, in milliseconds. None: lost. Two: duplicated. */
export type Fate = (frame: string) => readonly number[]

export type MemoryPairParameters = {
  readonly clock: Clock
  /** Default: every frame arrives once, at once and in order. */
  readonly fate?: Fate
}

/**
 * Two ends of one connection inside a process, for simulations and tests. Frames travel as they would on a network:
 * never within the sender's own call.
 *
 * @param parameters clock and, to be cruel, the fate of frames
 */
export function createMemoryPair(parameters: MemoryPairParameters): readonly [Transport, Transport] {
  const { clock, fate = () => [0] } = parameters
  const a = createEnd()
  const b = createEnd()
  return [connect(a, b), connect(b, a)]

  function connect(own: End, other: End): Transport {
    return {
      send: (frame) => {
        if (own.closed) return
        for (const delayMs of fate(frame)) {
          clock.schedule(delayMs, () => {
            other.deliver(frame)
          })
        }
      },
      bufferedBytes: () => 0,
      onFrame: (listener) => {
        own.listen(listener)
      },
      onClose: (listener) => {
        own.listenClose(listener)
      },
      close: (reason) => {
        own.end(reason)
        clock.schedule(0, () => {
          other.end(reason)
        })
      },
    }
  }
}

type End = ReturnType<typeof createEnd>

function createEnd() {
  const early: string[] = []
  let onFrame: ((frame: string) => void) | undefined
  let onClose: ((reason: string) => void) | undefined
  let ended: string | undefined
  return {
    get closed() {
      return ended !== undefined
    },
    deliver(frame: string) {
      if (ended !== undefined) return
      if (onFrame === undefined) early.push(frame)
      else onFrame(frame)
    },
    listen(listener: (frame: string) => void) {
      onFrame = listener
      for (const frame of early.splice(0)) listener(frame)
    },
    listenClose(listener: (reason: string) => void) {
      onClose = listener
      if (ended !== undefined) listener(ended)
    },
    end(reason: string) {
      if (ended !== undefined) return
      ended = reason
      onClose?.(reason)
    },
  }
}
