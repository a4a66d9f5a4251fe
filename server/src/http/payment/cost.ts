import { costOf, meteringUnits, type Price } from '@sluice/sdk/session'

/**
 * What an answer of `units` metering units costs, rounded up: many small answers must not be free.
 *
 * @param price the route's
 * @param units delivered by this answer in all
 * @returns base units
 */
export function answerCost(price: Price, units: bigint): bigint {
  const down = costOf(price, units)
  return down * price.per * meteringUnits(price.unit) === units * price.amount ? down : down + 1n
}

/** The smallest piece that is sold of each unit, in metering units: a request, a byte, a second. */
export function firstPiece(price: Price): bigint {
  return meteringUnits(price.unit)
}
