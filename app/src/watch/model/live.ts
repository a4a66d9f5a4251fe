import type { Stream } from '@sluice/sdk'
import type { LimitReached } from '../../limits/limits.ts'
import type { Guard } from '../../limits/guard.ts'
import type { Store } from '../../store.ts'
import type { WatchState } from './state.ts'

/** Problems that are over once money flows again. */
const passing = new Set(['payee-offline', 'budget-low', 'budget-spent', 'rpc-unreachable'])

/**
 * Shows what a running stream says, and pauses it when a limit is reached.
 *
 * @param state of the page
 * @param stream that runs
 * @param guard is told what was spent
 * @param pause stops the player
 * @returns ends the listening
 */
export function showStream(
  state: Store<WatchState>,
  stream: Stream,
  guard: Guard,
  pause: () => void,
): () => void {
  let since: bigint | undefined
  const reach = (reached: LimitReached): void => {
    pause()
    state.patch({ problem: { kind: 'limit', reached } })
  }
  const unlisten = [
    stream.on('meter', (meter) => {
      since ??= meter.spent
      const { channelId } = stream
      const reached = guard.note({ channelId, spent: meter.spent, since })
      state.patch({ meter, channel: stream.record() })
      if (reached !== undefined && state.get().playing) reach(reached)
    }),
    stream.on('receipt', (receipt) => {
      state.patch({ receipt })
    }),
    stream.on('media', ({ open, reason }) => {
      state.patch({ gate: { open, reason } })
    }),
    stream.on('joined', () => {
      const { problem } = state.get()
      const isOver = problem?.kind === 'sluice' && passing.has(problem.error.code)
      state.patch({ channel: stream.record(), ...(isOver ? { problem: undefined } : {}) })
    }),
    stream.on('problem', (error) => {
      state.patch({ problem: { kind: 'sluice', error } })
    }),
  ]
  return () => {
    for (const each of unlisten) each()
  }
}
