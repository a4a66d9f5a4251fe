import { SluiceError, type ErrorCode, type FinalReceipt, type Stream, type StreamEvents } from '@sluice/sdk'
import type { Clock, Meter, Offer } from '@sluice/sdk/session'
import { jsonAmount, showAmount, showDuration } from '../amounts.js'
import type { Io } from '../io.js'
import type { Output } from '../output.js'
import { createLiveRegion, type LiveRegion } from './liveRegion.js'
import { meterLines, plain, sampleText, type MeterView, type WatchState } from './meterView.js'
import { priceText, tokenOf } from './offer.js'

export type ViewerParameters = {
  readonly io: Io
  readonly output: Output
  readonly clock: Clock
  readonly stream: Stream
  readonly offer: Offer
  /** Vouchers signed so far in this process. */
  readonly vouchers: () => number
  /** Seconds after which it stops by itself; undefined: never. */
  readonly seconds: number | undefined
  /** Whole tokens; tipped once the stream is joined. */
  readonly tips: readonly { readonly amount: string; readonly message: string }[]
  /** Whole tokens a press of `t` tips. */
  readonly tip: string
  /** Leave the channel open at the end, to go on later. */
  readonly keep: boolean
}

/** How watching ended. */
export type Outcome =
  | { readonly kind: 'stopped'; readonly receipt: FinalReceipt }
  /** The channel stays for later. */
  | { readonly kind: 'left' }
  /** The payee ended the channel. */
  | { readonly kind: 'ended' }

/** After these nothing can be watched any more in this process. */
const fatal: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'second-tab',
  'offer-changed',
  'overcharged',
  'session-key-lost',
  'channel-closed',
  'close-pending',
  'terms-refused',
  'wrong-token',
])

/**
 * Watches a stream on the terminal until the person, the time or the payee ends it.
 *
 * @param parameters the stream and where it is shown
 * @returns how it ended, and how long it was watched
 * @throws SluiceError when it cannot go on, or the payee does not answer the wish to stop
 */
export async function view(parameters: ViewerParameters): Promise<{ outcome: Outcome; seconds: number }> {
  const { io, output, clock, stream, offer } = parameters
  const token = tokenOf(offer)
  const isLive = io.outIsTerminal && !output.json
  const region: LiveRegion | undefined = isLive ? createLiveRegion(io.draw) : undefined
  const undo: (() => void)[] = []
  let meter: Meter | undefined
  let paused = false
  let stopping = false
  let open = false
  let reason: string | undefined
  let notice: string | undefined
  let sample: unknown
  let joinedMs: number | undefined
  let printedMs = -Infinity

  const seconds = (): number => (joinedMs === undefined ? 0 : (clock.now() - joinedMs) / 1000)
  const state = (): WatchState => {
    if (stopping) return 'stopping'
    if (paused) return 'paused'
    if (open) return 'playing'
    return joinedMs === undefined ? 'connecting' : 'waiting'
  }
  const draw = (): void => region?.update(meterLines(current(), io.columns()))
  const current = (): MeterView => ({
    title: offer.title,
    price: priceText(offer),
    token,
    state: state(),
    reason: paused ? undefined : reason,
    seconds: seconds(),
    meter,
    vouchers: parameters.vouchers(),
    sample,
    tip: `${parameters.tip} ${token.symbol}`,
    notice,
  })
  const say = (value: Readonly<Record<string, unknown>>, text: string): void => {
    if (region === undefined) output.event(value, text)
    else region.log(text)
  }

  /** People get a line a second, machines everything. */
  const print = (next: Meter): void => {
    if (!output.json && clock.now() - printedMs < 1_000) return
    printedMs = clock.now()
    output.event(meterJson(next, parameters), meterText(next, parameters, seconds(), sample))
  }

  try {
    const ending = new Promise<'stop' | 'leave' | 'ended'>((resolve, reject) => {
      const listen = <Name extends keyof StreamEvents>(
        name: Name,
        listener: (event: StreamEvents[Name]) => void,
      ): void => {
        undo.push(stream.on(name, listener))
      }
      listen('joined', ({ resumed }) => {
        say({ event: 'joined', resumed }, resumed ? 'joined again' : 'joined')
        if (joinedMs !== undefined) return
        joinedMs = clock.now()
        if (parameters.seconds !== undefined) {
          undo.push(
            clock.schedule(parameters.seconds * 1000, () => resolve(parameters.keep ? 'leave' : 'stop')),
          )
        }
        for (const { amount, message } of parameters.tips) tip(amount, message)
      })
      listen('media', (gate) => {
        open = gate.open
        reason = open ? undefined : gate.reason
        if (stopping) return
        say({ event: 'media', ...gate }, open ? 'playing' : `waiting: ${gate.reason}`)
        draw()
      })
      listen('meter', (next) => {
        meter = next
        if (region === undefined) print(next)
        draw()
      })
      listen('ended', ({ reason: by }) => {
        if (by === 'payee') resolve('ended')
      })
      listen('data', ({ sequence, units, payload }) => {
        sample = payload
        if (output.json) output.event({ event: 'data', sequence, units, payload }, '')
        draw()
      })
      listen('receipt', ({ accepted, spent, units, at, signature }) => {
        if (region !== undefined) return
        const amounts = { accepted: jsonAmount(accepted, token), spent: jsonAmount(spent, token) }
        output.event(
          { event: 'receipt', ...amounts, units, at, signature },
          `receipt: ${showAmount(spent, token)} spent`,
        )
      })
      listen('problem', (error) => {
        const { code, message, action, details } = error
        notice = plain(message)
        say({ event: 'problem', code, message, action, details }, `! ${plain(message)}`)
        if (fatal.has(code)) reject(error)
        else if (code === 'budget-spent' && !isLive) resolve('stop')
        draw()
      })

      const tip = (amount: string, message: string): void => {
        stream
          .tip(amount, message)
          .then(() => say({ event: 'tipped', amount, message }, `tipped ${amount} ${token.symbol}`))
          .catch((error: unknown) => {
            if (!(error instanceof SluiceError)) throw error
            say(
              { event: 'problem', code: error.code, message: error.message, details: error.details },
              `! ${error.message}`,
            )
          })
      }
      const togglePause = (): void => {
        if (paused) stream.play()
        else stream.pause()
        paused = !paused
        draw()
      }
      undo.push(
        io.onKey((key) => {
          notice = undefined
          if (key === 't') tip(parameters.tip, '')
          if (key === 'p') togglePause()
          if (key === 's' || key === 'q') resolve('stop')
        }),
        io.onStop(() => resolve(parameters.keep ? 'leave' : 'stop')),
        repeat(clock, 250, draw),
      )
      stream.play()
      draw()
    })

    const kind = await ending
    const watched = seconds()
    if (kind === 'leave') {
      stream.pause()
      stream.leave()
      return { outcome: { kind: 'left' }, seconds: watched }
    }
    if (kind === 'ended') {
      stream.leave()
      return { outcome: { kind: 'ended' }, seconds: watched }
    }
    stopping = true
    reason = 'waiting for the chain'
    draw()
    return { outcome: { kind: 'stopped', receipt: await stream.stop() }, seconds: watched }
  } catch (error) {
    stream.leave()
    throw error
  } finally {
    for (const action of undo) action()
    region?.end()
  }
}

function meterJson(meter: Meter, { offer, vouchers }: ViewerParameters): Readonly<Record<string, unknown>> {
  const token = tokenOf(offer)
  const { spent, left, prepaid, signed, acknowledged, secondsLeft, units } = meter
  return {
    event: 'meter',
    spent: jsonAmount(spent, token),
    left: jsonAmount(left, token),
    prepaid: jsonAmount(prepaid, token),
    signed: jsonAmount(signed, token),
    acknowledged: jsonAmount(acknowledged, token),
    secondsLeft,
    units,
    vouchers: vouchers(),
  }
}

function meterText(
  meter: Meter,
  { offer, vouchers }: ViewerParameters,
  seconds: number,
  sample: unknown,
): string {
  const token = tokenOf(offer)
  const feed = sample === undefined ? '' : `  |  ${sampleText(sample)}`
  return `${showDuration(seconds)}  spent ${showAmount(meter.spent, token)}  left ${showAmount(meter.left, token)}  vouchers ${vouchers()}${feed}`
}

/** Calls again and again until the returned function is called. */
function repeat(clock: Clock, everyMs: number, action: () => void): () => void {
  let cancel = clock.schedule(everyMs, run)
  function run(): void {
    action()
    cancel = clock.schedule(everyMs, run)
  }
  return () => {
    cancel()
  }
}
