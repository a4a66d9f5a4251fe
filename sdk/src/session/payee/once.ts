import type { Hex } from '../../types.js'

/**
 * Does a piece of work once, however many ask for it before it is done.
 *
 * @param running what is being done, by channel
 * @param channelId whom the work is for
 * @param work starts it
 */
export function once<Value>(
  running: Map<Hex, Promise<Value>>,
  channelId: Hex,
  work: () => Promise<Value>,
): Promise<Value> {
  const begun = running.get(channelId)
  if (begun !== undefined) return begun
  const started = work().finally(() => running.delete(channelId))
  running.set(channelId, started)
  return started
}
