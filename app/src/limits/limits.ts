/** What the person allows at most. Amounts are base units; undefined: no limit. */
export type Limits = {
  readonly perStream: bigint | undefined
  readonly perDay: bigint | undefined
  /** A tip above this is asked about once more. */
  readonly askTipAbove: bigint | undefined
}

export type LimitName = keyof Limits

/** A looser limit that is waiting to count, and from which millisecond on. */
export type PendingLimit = { readonly value: bigint | undefined; readonly fromMs: number }

/** Limits with what is on its way. */
export type LimitSettings = {
  readonly limits: Limits
  readonly pending: Readonly<Partial<Record<LimitName, PendingLimit>>>
  /** Until when nothing new may be opened; it can only be moved later, milliseconds. */
  readonly breakUntilMs: number
}

/** How long a looser limit waits before it counts: long enough to sleep over it, milliseconds. */
export const increaseDelayMs = 7 * 24 * 60 * 60 * 1000

export const noLimits: LimitSettings = {
  limits: { perStream: undefined, perDay: undefined, askTipAbove: undefined },
  pending: {},
  breakUntilMs: 0,
}

/**
 * Changes one limit: a tighter one counts at once and drops what was pending, a looser one counts after seven days.
 *
 * @param settings before
 * @param name which limit
 * @param value base units; undefined: none
 * @param nowMs milliseconds
 */
export function changeLimit(
  settings: LimitSettings,
  name: LimitName,
  value: bigint | undefined,
  nowMs: number,
): LimitSettings {
  const { limits, pending } = ripen(settings, nowMs)
  const { [name]: _dropped, ...others } = pending
  if (isLooser(value, limits[name])) {
    return { ...settings, limits, pending: { ...others, [name]: { value, fromMs: nowMs + increaseDelayMs } } }
  }
  return { ...settings, limits: { ...limits, [name]: value }, pending: others }
}

/** Begins a break, or makes one longer. */
export function takeBreak(settings: LimitSettings, untilMs: number): LimitSettings {
  return { ...settings, breakUntilMs: Math.max(settings.breakUntilMs, untilMs) }
}

/** The settings with every pending limit that has waited long enough. */
export function ripen(settings: LimitSettings, nowMs: number): LimitSettings {
  let { limits } = settings
  let pending = settings.pending
  for (const name of Object.keys(pending) as LimitName[]) {
    const waiting = pending[name]
    if (waiting === undefined || waiting.fromMs > nowMs) continue
    limits = { ...limits, [name]: waiting.value }
    const { [name]: _ripe, ...others } = pending
    pending = others
  }
  return { ...settings, limits, pending }
}

function isLooser(value: bigint | undefined, current: bigint | undefined): boolean {
  if (current === undefined) return false
  return value === undefined || value > current
}

/** Why something may not be signed, and how much could be. */
export type LimitReached =
  | { readonly limit: 'perStream' | 'perDay'; readonly allowed: bigint }
  | { readonly limit: 'break'; readonly untilMs: number }

/** What has been and may yet be spent without asking again. Amounts are base units. */
export type Exposure = {
  /** Spent today, on all streams. */
  readonly today: bigint
  /** What the budgets of open channels still allow. */
  readonly open: bigint
  /** Budget of the stream that is meant, so far; zero for a new one. */
  readonly streamBudget: bigint
}

/**
 * Whether `amount` more may be put into a budget. What open budgets still allow counts as spent, because nobody is asked
 * again before it is.
 *
 * @param settings ripened
 * @returns what stands against it; undefined: nothing
 */
export function checkBudget(
  settings: LimitSettings,
  exposure: Exposure,
  amount: bigint,
  nowMs: number,
): LimitReached | undefined {
  const { perStream, perDay } = settings.limits
  if (settings.breakUntilMs > nowMs) return { limit: 'break', untilMs: settings.breakUntilMs }
  const inStream = perStream === undefined ? undefined : perStream - exposure.streamBudget
  if (inStream !== undefined && amount > inStream) return { limit: 'perStream', allowed: positive(inStream) }
  const inDay = perDay === undefined ? undefined : perDay - exposure.today - exposure.open
  if (inDay !== undefined && amount > inDay) return { limit: 'perDay', allowed: positive(inDay) }
  return undefined
}

/**
 * Whether a running stream may go on: limits may have become tighter, and a new day begins at zero.
 *
 * @param settings ripened
 * @param spent on this stream and today, base units
 */
export function checkSpending(
  settings: LimitSettings,
  spent: { readonly stream: bigint; readonly today: bigint },
): LimitReached | undefined {
  const { perStream, perDay } = settings.limits
  if (perStream !== undefined && spent.stream >= perStream) return { limit: 'perStream', allowed: 0n }
  if (perDay !== undefined && spent.today >= perDay) return { limit: 'perDay', allowed: 0n }
  return undefined
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n
}
