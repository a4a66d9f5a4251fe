import type { Clock } from '@sluice/sdk/session'
import type { Alert } from './events.ts'

/** Alerts, one after the other. */
export type AlertQueue = {
  readonly add: (alert: Alert) => void
  /** Takes a tip out, also when it is shown. */
  readonly remove: (key: string) => void
}

/** Alerts that wait; more than these are left to the list of recent tips. */
const mostWaiting = 100
/** Between two alerts, milliseconds. */
const pauseMs = 500

/**
 * @param parameters
 * - `show`: shows one, or with undefined none
 * - `standMs`: how long each stands
 */
export function createQueue(parameters: {
  readonly clock: Clock
  readonly standMs: number
  readonly show: (alert: Alert | undefined) => void
}): AlertQueue {
  const { clock, standMs, show } = parameters
  let waiting: Alert[] = []
  let shown: Alert | undefined
  let resting = false
  let cancel: () => void = () => undefined

  function next(): void {
    resting = false
    shown = waiting.shift()
    if (shown === undefined) return
    show(shown)
    cancel = clock.schedule(standMs, end)
  }

  function end(): void {
    cancel()
    shown = undefined
    resting = true
    show(undefined)
    clock.schedule(pauseMs, next)
  }

  return {
    add: (alert) => {
      if (waiting.length < mostWaiting) waiting.push(alert)
      if (shown === undefined && !resting) next()
    },
    remove: (key) => {
      waiting = waiting.filter((alert) => alert.key !== key)
      if (shown?.key === key) end()
    },
  }
}
