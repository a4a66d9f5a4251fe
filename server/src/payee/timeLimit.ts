import type { Clock } from '@sluice/sdk/session'

/**
 * Waits for something, but not for ever.
 *
 * @param work what is waited for; it goes on regardless
 * @param ms how long
 * @returns the result, or undefined when the time is over
 */
export function within<Value>(clock: Clock, ms: number, work: Promise<Value>): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => {
      resolve(undefined)
    })
    work.then(resolve, reject).finally(cancel)
  })
}
