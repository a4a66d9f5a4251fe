import { addChain, getChainId, switchChain } from 'viem/actions'
import { SluiceError } from '../errors.js'
import { contextOf, type ChainClient } from './context.js'
import { walletError } from './walletErrors.js'

/**
 * Puts the wallet on its client's chain: asks it to switch, and to add the chain first when it does not know it. Does
 * nothing when the wallet is there already. Call it when an action failed with `wrong-chain`.
 *
 * @param client a wallet client made for one chain
 * @throws SluiceError `wallet-rejected`, `wallet-pending`, `wrong-chain` when the wallet cannot switch
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { SluiceError } from '@sluice/sdk'
 * import { ensureChain } from '@sluice/sdk/channel'
 *
 * async function afterError(wallet: WalletClient, error: unknown) {
 *   if (error instanceof SluiceError && error.action === 'switch-chain') await ensureChain(wallet)
 * }
 * ```
 */
export async function ensureChain(client: ChainClient): Promise<void> {
  const { chain } = client
  if (chain === undefined) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'It is not known which chain to switch to.',
      details: 'the client was created without a chain',
    })
  }
  try {
    if ((await getChainId(client)) === chain.id) return
    try {
      await switchChain(client, { id: chain.id })
    } catch (error) {
      if (!isUnknownChain(error)) throw error
      await addChain(client, { chain })
      if ((await getChainId(client)) !== chain.id) await switchChain(client, { id: chain.id })
    }
  } catch (error) {
    throw walletError(error, contextOf(client))
  }
}

/** EIP-3085's "unrecognized chain", also where MetaMask's mobile app wraps it. */
function isUnknownChain(error: unknown): boolean {
  return walletError(error).code === 'wrong-chain'
}
