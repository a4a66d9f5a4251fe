import { median, summary } from './statistics.mjs'

/**
 * One line of the report. `ratio` tells how many times better than `against` we are: above 1 is better.
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {number} value
 * @property {string} unit
 * @property {string | null} against
 * @property {number | null} ratio
 * @property {string} [spread] of the ratio or value, for people
 * @property {boolean} [met] whether the target was met; undefined: there is none
 * @property {string} [note] for people
 */

/**
 * Ours beside a peer's, round by round. The ratio is the median of the rounds' ratios.
 *
 * @returns {Result}
 */
export function compared({ name, unit, against, ours, theirs, target }) {
  const ratios = ours.wall.map((rate, round) => rate / theirs.wall[round])
  const byCpu = ours.cpu.map((rate, round) => rate / theirs.cpu[round])
  const { median: ratio, min, max } = summary(ratios)
  return {
    name,
    value: Math.round(median(ours.wall)),
    unit,
    against,
    ratio: round(ratio),
    spread: `${round(min)} – ${round(max)}`,
    note: `peer ${Math.round(median(theirs.wall))}; ratio by processor time ${round(median(byCpu))}`,
    ...verdict(ratio, target),
  }
}

/**
 * A value against something fixed.
 *
 * @returns {Result}
 */
export function against({ name, value, unit, against: what, ratio, target, note }) {
  return {
    name,
    value: round(value),
    unit,
    against: what,
    ratio: round(ratio),
    note,
    ...verdict(ratio, target),
  }
}

/**
 * A value that stands alone.
 *
 * @returns {Result}
 */
export function single({ name, value, unit, note, met }) {
  return { name, value: round(value), unit, against: null, ratio: null, note, met }
}

function verdict(ratio, target) {
  return target === undefined ? {} : { target, met: ratio >= target }
}

function round(value) {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))
}
