import { SluiceError } from '../errors.js'
import type { ChainClient } from '../chain/context.js'
import { depositCall, fund, type deposit } from './deposit.js'
import { prepareDeposit } from './prepareDeposit.js'

/**
 * Adds to a channel that is open. Like {@link deposit}, but never opens one.
 *
 * @param client a wallet client
 * @param parameters as for `deposit`
 * @returns the transaction and the new total in base units
 * @throws SluiceError `channel-not-open`, and whatever `deposit` throws
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import type { Channel } from '@sluice/sdk'
 * import { topUp } from '@sluice/sdk/channel'
 *
 * async function add(wallet: WalletClient, channel: Channel) {
 *   const { deposited } = await topUp(wallet, { channel, amount: 1_000_000n })
 *   return deposited
 * }
 * ```
 */
export async function topUp(client: ChainClient, parameters: topUp.Parameters): Promise<topUp.ReturnType> {
  const prepared = await prepareDeposit(client, parameters)
  if (prepared.state.openedAt === 0) {
    throw new SluiceError({
      code: 'channel-not-open',
      message: 'This channel was never opened.',
      details: `channel ${prepared.channelId} has no deposit to add to`,
    })
  }
  return await fund(client, parameters, prepared)
}

export declare namespace topUp {
  type Parameters = deposit.Parameters
  type ReturnType = deposit.ReturnType
  type ErrorType = SluiceError
}

/** Builds the call of {@link topUp}: on the chain, a top-up is a deposit. */
export const topUpCall = depositCall
