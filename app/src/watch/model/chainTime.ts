import type { WalletClient } from 'viem'
import { getBlock } from 'viem/actions'
import { clock, every } from '../../edge/browser.ts'
import type { Store } from '../../store.ts'
import type { WatchState } from './state.ts'

const askMs = 2_000

/**
 * Keeps asking the chain what time it is: by its clock, not by this machine's, a refund is due.
 *
 * @returns ends the asking
 */
export function followChainTime(state: Store<WatchState>, client: WalletClient): () => void {
  const ask = (): void => {
    getBlock(client).then(
      ({ timestamp }) => state.patch({ chainTime: { seconds: Number(timestamp), atMs: clock.now() } }),
      // A node that does not answer is asked again.
      () => undefined,
    )
  }
  ask()
  return every(askMs, ask)
}
