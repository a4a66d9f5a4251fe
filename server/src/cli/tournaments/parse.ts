import { InvalidArgumentError } from 'commander'

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/**
 * Reads a length of time, such as `90m`, `2h` or `3d`.
 *
 * @param text of a flag or an answer
 * @returns seconds
 */
export function durationText(text: string): number {
  const [, count, unit] = /^(\d{1,9})\s*([smhdw])$/.exec(text.trim()) ?? []
  if (count !== undefined && unit !== undefined) return Number(count) * (units[unit] ?? 0)
  throw new InvalidArgumentError('Expected a length of time such as 90m, 2h or 3d.')
}

/** A moment that is known only once the time of the chain is: a second, or so long after something. */
export type Moment = { readonly second: number } | { readonly after: number }

/**
 * Reads a moment: a date in this machine's time zone, or a length of time from another moment on.
 *
 * @param text such as `2026-12-24 18:00`, `2026-12-24T18:00Z` or `2h`
 */
export function momentText(text: string): Moment {
  const trimmed = text.trim()
  if (/^\d{1,9}\s*[smhdw]$/.test(trimmed)) return { after: durationText(trimmed) }
  const [, date, time = '00:00', zone = ''] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?(Z|[+-]\d{2}:\d{2})?$/.exec(trimmed) ?? []
  // With a time and without a zone it is local; a date alone would be UTC.
  const milliseconds = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone}`)
  if (Number.isFinite(milliseconds)) return { second: Math.floor(milliseconds / 1000) }
  throw new InvalidArgumentError(
    'Expected a date such as "2026-12-24 18:00", or a length of time such as 2h.',
  )
}

/**
 * The second that a moment means.
 *
 * @param moment as it was read
 * @param from second from which lengths of time count
 */
export function secondOf(moment: Moment, from: number): number {
  return 'second' in moment ? moment.second : from + moment.after
}

/**
 * Reads a share, such as `5`, `12.5` or `12.5%`.
 *
 * @param text of a flag or an answer
 * @returns basis points
 */
export function percentText(text: string): number {
  const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?\s*%?$/.exec(text.trim()) ?? []
  const points = whole === undefined ? Number.NaN : Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  if (points <= 10_000) return points
  throw new InvalidArgumentError('Expected a share in percent, such as 5 or 12.5.')
}

/**
 * Reads how the prizes are split, best rank first.
 *
 * @param text such as `50,30,20`, in percent
 * @returns basis points by rank, 10,000 in all
 */
export function splitText(text: string): readonly number[] {
  const payouts = text.split(/[,/]/).map(percentText)
  const given = payouts.reduce((sum, points) => sum + points, 0)
  if (given === 10_000) return payouts
  throw new InvalidArgumentError(`Expected shares that add up to 100, found ${given / 100}.`)
}
