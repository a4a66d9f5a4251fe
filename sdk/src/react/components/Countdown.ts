'use client'
import type { ReactNode } from 'react'
import { useSecondsUntil } from '../hooks/useSecondsUntil.js'

/**
 * Draws the time until a moment by `children`, again every second.
 *
 * @param props the moment as a second since 1970, and how the seconds that are left are drawn
 */
export function Countdown(props: {
  readonly until: number
  readonly children: (secondsLeft: number) => ReactNode
}): ReactNode {
  return props.children(useSecondsUntil(props.until))
}
