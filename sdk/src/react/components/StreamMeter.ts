'use client'
import type { ReactNode } from 'react'
import type { StreamSessionState } from '../stream/streamSession.js'

/** A meter in words: amounts with their symbol. */
export type MeterText = {
  readonly spent: string
  readonly left: string
  /** Whole seconds that what is left pays for; undefined when the price is not by the second. */
  readonly secondsLeft: number | undefined
}

/**
 * Draws a stream's meter by `children`, once there is one.
 *
 * @param props the session (`useStreamSession`), and how the meter is drawn
 */
export function StreamMeter(props: {
  readonly session: Pick<StreamSessionState, 'meter' | 'stream'>
  readonly children: (meter: MeterText) => ReactNode
}): ReactNode {
  const { meter, stream } = props.session
  if (meter === undefined || stream === undefined) return null
  const { spent, left, secondsLeft } = meter
  return props.children({ spent: stream.format(spent), left: stream.format(left), secondsLeft })
}
