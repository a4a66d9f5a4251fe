import type { SluiceError } from '../errors.js'
import type { Address, Channel } from '../types.js'
import type { ContractCall } from '../chain/call.js'
import { streamChannelsCall } from './call.js'
import { closedBy, type ClosedChannel } from './closedEvent.js'
import { resolveAccount, type ChainClient } from '../chain/context.js'
import { requireOpen } from './openChannel.js'
import { transact, type WriteParameters } from '../chain/transact.js'
import { streamChannels } from './product.js'

/**
 * Ends a channel after the grace period: the remainder goes to the payer. Anyone may call it.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns how the channel ended, base units
 * @throws SluiceError `close-not-requested`, `grace-not-over`, `channel-not-open`, `channel-closed`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import type { Channel } from '@sluice/sdk'
 * import { withdraw } from '@sluice/sdk/channel'
 *
 * async function finish(wallet: WalletClient, channel: Channel) {
 *   const { refunded } = await withdraw(wallet, { channel })
 *   return refunded
 * }
 * ```
 */
export async function withdraw(
  client: ChainClient,
  parameters: withdraw.Parameters,
): Promise<withdraw.ReturnType> {
  const account = resolveAccount(client, parameters)
  const { channelId, deployment } = await requireOpen(client, parameters)
  const request = withdrawCall({ contract: deployment.contract, channel: parameters.channel })
  return closedBy(channelId, await transact(client, account, request, streamChannels, parameters))
}

export declare namespace withdraw {
  type Parameters = WriteParameters & { readonly channel: Channel }
  type ReturnType = ClosedChannel
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link withdraw}.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import type { Channel } from '@sluice/sdk'
 * import { withdrawCall } from '@sluice/sdk/channel'
 *
 * const calldata = (contract: `0x${string}`, channel: Channel) => withdrawCall({ contract, channel }).data
 * ```
 */
export function withdrawCall(parameters: withdrawCall.Parameters): ContractCall {
  return streamChannelsCall(parameters.contract, 'withdraw', [parameters.channel])
}

export declare namespace withdrawCall {
  type Parameters = { readonly contract: Address; readonly channel: Channel }
}
