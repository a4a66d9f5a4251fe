import type { Clock, Unit } from '@sluice/sdk/session'

/** What one look at a machine finds. Counters only grow. */
export type Reading = {
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** Time all processor cores together were busy and idle since the machine started, milliseconds. */
  readonly cpu: { readonly busyMs: number; readonly idleMs: number }
  /** Bytes. */
  readonly memory: { readonly total: number; readonly available: number }
  /** Degrees Celsius of the hottest sensor; undefined where there is none. */
  readonly temperature: number | undefined
}

/** Looks at a machine. */
export type TelemetryReader = () => Reading

/** What the feed says. */
export type TelemetrySample = {
  readonly kind: 'telemetry'
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** Share of the processors' time that was spent since the sample before, 0 to 1. */
  readonly load: number
  /** Bytes. */
  readonly memoryUsed: number
  /** Bytes. */
  readonly memoryTotal: number
  /** Degrees Celsius. Left out where there is no sensor. */
  readonly temperature?: number
}

/** Milliseconds between two samples: ten a second. */
export const telemetryPeriodMs = 100

/**
 * What happened between two readings. The processor's counters may stand still for a few milliseconds, in which case
 * the load is what it was.
 *
 * @param before the earlier reading
 * @param now the later reading
 * @param loadBefore the load of the sample before, 0 to 1
 */
export function sampleBetween(before: Reading, now: Reading, loadBefore: number): TelemetrySample {
  const busy = now.cpu.busyMs - before.cpu.busyMs
  const all = busy + now.cpu.idleMs - before.cpu.idleMs
  const load = all <= 0 ? loadBefore : Math.min(1, Math.max(0, busy / all))
  return {
    kind: 'telemetry',
    atMs: now.atMs,
    load: round(load, 3),
    memoryUsed: Math.max(0, now.memory.total - now.memory.available),
    memoryTotal: now.memory.total,
    ...(now.temperature === undefined ? {} : { temperature: round(now.temperature, 1) }),
  }
}

/**
 * A live feed of one machine: each call takes a sample.
 *
 * @param read looks at the machine
 * @example
 * ```ts
 * import { createTelemetry } from '@sluice/server'
 *
 * const sample = createTelemetry(() => ({
 *   atMs: Date.now(),
 *   cpu: { busyMs: 500, idleMs: 1500 },
 *   memory: { total: 8e9, available: 5e9 },
 *   temperature: undefined,
 * }))
 * console.log(sample().memoryUsed)
 * ```
 */
export function createTelemetry(read: TelemetryReader): () => TelemetrySample {
  let before = read()
  let load = 0
  return () => {
    const now = read()
    const sample = sampleBetween(before, now, load)
    before = now
    load = sample.load
    return sample
  }
}

/**
 * The telemetry of one machine as a feed for many sessions: ten samples a second to each, taken once for all of them.
 *
 * @param parameters
 * - `read`: looks at the machine
 * - `clock`: paces the samples
 * - `unit`: what is sold; by the second each sample counts its tenth of one
 */
export function createTelemetryFeed(parameters: {
  readonly read: TelemetryReader
  readonly clock: Clock
  readonly unit: Unit
}): (session: unknown, signal: AbortSignal) => AsyncIterable<{ units: bigint; payload: TelemetrySample }> {
  const { clock, unit } = parameters
  const take = createTelemetry(parameters.read)
  let latest: TelemetrySample | undefined
  let takenMs = -Infinity

  function shared(): TelemetrySample {
    // Timers may fire a little early; half a period tells the next sample from the same one for another session.
    if (latest === undefined || clock.now() - takenMs >= telemetryPeriodMs / 2) {
      latest = take()
      takenMs = clock.now()
    }
    return latest
  }

  return async function* (_session, signal) {
    const isOver = (): boolean => signal.aborted
    let dueMs = clock.now()
    while (!isOver()) {
      // What was missed while the gate was closed is not made up for: nobody was shown it.
      dueMs = Math.max(dueMs + telemetryPeriodMs, clock.now())
      await pause(clock, dueMs - clock.now(), signal)
      if (isOver()) return
      const payload = shared()
      yield { units: unitsOf(unit, payload), payload }
    }
  }
}

function unitsOf(unit: Unit, payload: TelemetrySample): bigint {
  if (unit === 'second') return BigInt(telemetryPeriodMs)
  return unit === 'byte' ? BigInt(JSON.stringify(payload).length) : 1n
}

function pause(clock: Clock, afterMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      cancel()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const cancel = clock.schedule(Math.max(0, afterMs), over)
    signal.addEventListener('abort', over)
  })
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
