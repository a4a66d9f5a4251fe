/**
 * Seconds until a limiter lets somebody in again, for `Retry-After`.
 *
 * @param refused what the limiter threw; a minute when it does not say
 */
export function secondsUntil(refused: unknown): number {
  if (typeof refused !== 'object' || refused === null || !('msBeforeNext' in refused)) return 60
  return Math.ceil(Number(refused.msBeforeNext) / 1000)
}
