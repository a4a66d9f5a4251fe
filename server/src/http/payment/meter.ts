import type { Clock, PayeeChannel, Price } from '@sluice/sdk/session'
import { answerCost } from './cost.js'
import { createEventCutter, serverSentEvent } from './sse.js'
import type { Waiters } from './waiters.js'

/** How many metering units a chunk counts for; `sinceMs` since the chunk before, 0 for the first and after a wait. */
export type Meter = (chunk: Uint8Array, sinceMs: number) => bigint

export type MeteredParameters = {
  readonly body: ReadableStream<Uint8Array>
  /** Server-sent events can say that a voucher is needed; any other answer just stops until it comes. */
  readonly isEvents: boolean
  readonly price: Price
  readonly meter: Meter
  /** Whether the channel's own count of units is in this price's. */
  readonly countsUnits: boolean
  readonly channel: PayeeChannel
  readonly waiters: Waiters
  readonly clock: Clock
  /** How long an answer that ran out is held, milliseconds. */
  readonly holdMs: number
  /** Ends the answer from outside, such as when the server stops. */
  readonly signal: AbortSignal
  /** What the last event says. */
  readonly receipt: (units: bigint) => object
  /** Called once, however the answer ends. */
  readonly onEnd: (units: bigint, why: 'done' | 'unpaid' | 'cancelled' | 'failed') => void
}

/** A pause of the source counts for at most this long, milliseconds: nobody pays for a frozen picture. */
const longestGapMs = 2_000

/** How units are counted when a route says nothing: bytes as they are, time as it passes between chunks. */
export function defaultMeter(price: Price): Meter {
  if (price.unit === 'second') return (_, sinceMs) => BigInt(Math.max(0, Math.min(longestGapMs, sinceMs)))
  return (chunk) => BigInt(chunk.length)
}

/**
 * An answer that is paid piece by piece: each one leaves only after it was charged, durably. When vouchers run out it
 * stops, says so, and goes on when a voucher came with another request. It pulls; nothing is buffered.
 *
 * @param parameters the answer and who pays
 */
export function meteredBody(parameters: MeteredParameters): ReadableStream<Uint8Array> {
  const { price, channel, clock, waiters, isEvents } = parameters
  const reader = parameters.body.getReader()
  const cutter = isEvents ? createEventCutter() : undefined
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, parameters.signal])
  let units = 0n
  let charged = 0n
  let lastMs: number | undefined
  let over = false

  // A source that says nothing must not keep a server from stopping.
  parameters.signal.addEventListener('abort', () => void reader.cancel('stopped').catch(() => undefined), {
    signal: stop.signal,
  })

  function finish(why: 'done' | 'unpaid' | 'cancelled' | 'failed'): void {
    if (over) return
    over = true
    stop.abort()
    if (why !== 'done') void reader.cancel(why).catch(() => undefined)
    parameters.onEnd(units, why)
  }

  /** The next piece that may leave as a whole; undefined at the end. */
  async function next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await reader.read()
      const piece = done ? cutter?.rest() : cutter === undefined ? value : cutter.push(value)
      if (piece !== undefined && piece.length > 0) return piece
      if (done) return undefined
    }
  }

  async function pay(piece: Uint8Array, say: (event: Uint8Array) => void): Promise<boolean> {
    const sinceMs = lastMs === undefined ? 0 : clock.now() - lastMs
    const more = parameters.meter(piece, sinceMs)
    const due = answerCost(price, units + more) - charged
    if (due > 0n && !(await collect(due, more, say))) return false
    charged += due
    units += more
    lastMs = clock.now()
    return true
  }

  /** Charges, or waits until that is possible. */
  async function collect(due: bigint, more: bigint, say: (event: Uint8Array) => void): Promise<boolean> {
    const untilMs = clock.now() + parameters.holdMs
    let saidFor: bigint | undefined
    for (;;) {
      const before = channel.record().accepted
      if (await channel.charge(due, parameters.countsUnits ? more : 0n)) return true
      if (channel.record().accepted !== before) continue
      const { channelId, accepted, spent, deposited, consent, closeRequestedAt, closed } = channel.record()
      const leftMs = untilMs - clock.now()
      const ended = closed || consent !== undefined || closeRequestedAt !== 0
      if (ended || leftMs <= 0 || signal.aborted) return false
      if (isEvents && saidFor !== accepted) {
        say(
          serverSentEvent('payment-need-voucher', {
            channelId,
            requiredCumulative: (spent + due).toString(),
            acceptedCumulative: accepted.toString(),
            deposit: deposited.toString(),
          }),
        )
      }
      saidFor = accepted
      await waiters.wait(channelId, leftMs, signal)
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const say = (event: Uint8Array): void => {
          if (!over) controller.enqueue(event)
        }
        try {
          const piece = signal.aborted ? undefined : await next()
          const paid = piece !== undefined && !over && (await pay(piece, say))
          if (over) return
          if (piece !== undefined && paid) {
            say(piece)
            return
          }
          if (piece === undefined && !signal.aborted) {
            if (isEvents) say(serverSentEvent('payment-receipt', parameters.receipt(units)))
            finish('done')
            controller.close()
            return
          }
          if (isEvents) {
            say(serverSentEvent('payment-error', unpaid(signal.aborted)))
            say(serverSentEvent('payment-receipt', parameters.receipt(units)))
          }
          finish('unpaid')
          if (isEvents) controller.close()
          else controller.error(new Error('the answer was not paid to its end'))
        } catch (error) {
          finish('failed')
          controller.error(error)
        }
      },
      cancel() {
        finish('cancelled')
      },
    },
    { highWaterMark: 0 },
  )
}

function unpaid(stopped: boolean): object {
  return {
    type: `https://paymentauth.org/problems/${stopped ? 'internal-payment-error' : 'session/insufficient-balance'}`,
    title: stopped ? 'Stopped' : 'Insufficient Balance',
    status: stopped ? 503 : 402,
    code: stopped ? 'payee-offline' : 'budget-spent',
    message: stopped ? 'The stream was ended by its payee.' : 'Paused: you are not paying.',
    action: stopped ? 'retry' : 'top-up',
    retryable: true,
  }
}
