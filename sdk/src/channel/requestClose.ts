import { parseEventLogs } from 'viem'
import { streamChannelsEvents } from '../abi/streamChannelsEvents.js'
import { SluiceError } from '../errors.js'
import type { Address, Channel, Hex } from '../types.js'
import type { ContractCall } from '../chain/call.js'
import { streamChannelsCall } from './call.js'
import { resolveAccount, type ChainClient } from '../chain/context.js'
import { requireOpen } from './openChannel.js'
import { transact, type WriteParameters } from '../chain/transact.js'
import { streamChannels } from './product.js'

/**
 * Asks for the money back without the payee: starts the grace period, after which {@link withdraw} sends the remainder
 * to the payer. The payee can still claim until then.
 *
 * @param client a wallet client of the payer
 * @param parameters the terms
 * @returns the second from which on `withdraw` works
 * @throws SluiceError `channel-not-open`, `channel-closed`, `close-pending`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import type { Channel } from '@sluice/sdk'
 * import { requestClose } from '@sluice/sdk/channel'
 *
 * async function moneyBack(wallet: WalletClient, channel: Channel) {
 *   const { withdrawableAt } = await requestClose(wallet, { channel })
 *   return new Date(withdrawableAt * 1000)
 * }
 * ```
 */
export async function requestClose(
  client: ChainClient,
  parameters: requestClose.Parameters,
): Promise<requestClose.ReturnType> {
  const account = resolveAccount(client, parameters)
  const { channelId, deployment } = await requireOpen(client, parameters)
  const request = requestCloseCall({ contract: deployment.contract, channel: parameters.channel })
  const { hash, blockNumber, logs } = await transact(client, account, request, streamChannels, parameters)
  const events = parseEventLogs({
    abi: streamChannelsEvents,
    eventName: 'ChannelCloseRequested',
    logs: [...logs],
  })
  const event = events.find(({ args }) => args.channelId === channelId)
  if (event === undefined) {
    throw new SluiceError({
      code: 'internal',
      message: 'The transaction was mined, but the request does not show.',
      details: `transaction ${hash} has no ChannelCloseRequested event of channel ${channelId}`,
    })
  }
  return { channelId, hash, blockNumber, withdrawableAt: Number(event.args.withdrawableAt) }
}

export declare namespace requestClose {
  type Parameters = WriteParameters & { readonly channel: Channel }
  type ReturnType = {
    readonly channelId: Hex
    readonly hash: Hex
    readonly blockNumber: bigint
    /** Seconds since 1970. */
    readonly withdrawableAt: number
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link requestClose}.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import type { Channel } from '@sluice/sdk'
 * import { requestCloseCall } from '@sluice/sdk/channel'
 *
 * const calldata = (contract: `0x${string}`, channel: Channel) => requestCloseCall({ contract, channel }).data
 * ```
 */
export function requestCloseCall(parameters: requestCloseCall.Parameters): ContractCall {
  return streamChannelsCall(parameters.contract, 'requestClose', [parameters.channel])
}

export declare namespace requestCloseCall {
  type Parameters = { readonly contract: Address; readonly channel: Channel }
}
