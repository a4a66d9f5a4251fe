'use client'
import { useEffect, useState } from 'react'
import { systemClock } from '../../edge/platform.js'
import type { Clock } from '../../session/ports.js'

/**
 * Whole seconds until a moment, counted down once a second.
 *
 * @param until second since 1970
 * @param clock default: the machine's
 * @returns 0 when it has come
 *
 * @example
 * ```ts
 * import { useSecondsUntil } from '@sluice/sdk/react'
 *
 * const useMayWithdraw = (withdrawableAt: number): boolean => useSecondsUntil(withdrawableAt) === 0
 * ```
 */
export function useSecondsUntil(until: number, clock: Clock = systemClock): number {
  const left = Math.max(0, Math.ceil(until - clock.now() / 1000))
  const [, redraw] = useState(left)
  useEffect(() => {
    if (left === 0) return undefined
    return clock.schedule(1000 - (clock.now() % 1000) + 1, () => {
      redraw(left - 1)
    })
  }, [left, clock])
  return left
}
