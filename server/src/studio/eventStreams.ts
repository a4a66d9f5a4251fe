import type { Clock } from '@sluice/sdk/session'
import { serverSentEvent } from '../http/payment/sse.js'
import { tooMany } from './refusals.js'

/** Sends one event; data is anything JSON can hold. */
export type Send = (name: string, data: object) => void

/** Server-sent events to those who are let in. */
export type EventStreams = {
  /**
   * Begins one.
   *
   * @param parameters
   * - `allowed`: asked again and again; false ends the stream
   * - `begin`: is given a way to send, and returns what ends it
   * @throws Refused when there are too many
   */
  readonly open: (parameters: {
    readonly allowed: () => boolean
    readonly begin: (send: Send) => () => void
  }) => Response
  /** Asks every stream at once whether it is still allowed. */
  readonly check: () => void
  readonly count: () => number
  readonly stop: () => void
}

/** A comment this often keeps proxies from taking a quiet stream for a dead one, milliseconds. */
const heartbeatMs = 15_000
/** Bytes waiting for a client above which its stream is ended: it comes back and is told everything anew. */
const endBytes = 262_144

const heartbeat = new TextEncoder().encode(': here\n\n')

/** @param most streams at once */
export function createEventStreams(clock: Clock, most: number): EventStreams {
  const streams = new Set<{ readonly check: () => void; readonly end: () => void }>()

  function open({ allowed, begin }: Parameters<EventStreams['open']>[0]): Response {
    if (streams.size >= most) throw tooMany(`${streams.size} event streams, at most ${most}`)
    let finish: () => void = () => undefined
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          const life: { over: boolean; stopSource?: () => void } = { over: false }
          finish = () => {
            life.over = true
            streams.delete(stream)
            cancel()
            life.stopSource?.()
          }
          const end = (): void => {
            if (life.over) return
            finish()
            controller.close()
          }
          const push = (bytes: Uint8Array): void => {
            if (life.over) return
            controller.enqueue(bytes)
            if ((controller.desiredSize ?? 0) < -endBytes) end()
          }
          const check = (): void => {
            if (!allowed()) end()
          }
          const beat = (): void => {
            check()
            push(heartbeat)
            if (!life.over) cancel = clock.schedule(heartbeatMs, beat)
          }
          const stream = { check, end }
          let cancel = clock.schedule(heartbeatMs, beat)
          streams.add(stream)
          life.stopSource = begin((name, data) => {
            push(serverSentEvent(name, data))
          })
          // What came first may have been too much already.
          if (life.over) life.stopSource()
        },
        cancel: () => {
          finish()
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
    )
    return new Response(body, {
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        // Otherwise a proxy may gather events until it has enough.
        'X-Accel-Buffering': 'no',
      },
    })
  }

  return {
    open,
    check: () => {
      for (const stream of [...streams]) stream.check()
    },
    count: () => streams.size,
    stop: () => {
      for (const stream of [...streams]) stream.end()
    },
  }
}
