import { boundTo } from './chain/bound.js'
import type { ChainClient } from './chain/context.js'
import { claim } from './channel/claim.js'
import { close } from './channel/close.js'
import { deposit } from './channel/deposit.js'
import { ensureChain } from './chain/ensureChain.js'
import { findChannels } from './channel/findChannels.js'
import { getChannel } from './channel/getChannel.js'
import { planDeposit } from './channel/planDeposit.js'
import { requestClose } from './channel/requestClose.js'
import { topUp } from './channel/topUp.js'
import { watchChannel } from './channel/watchChannel.js'
import { withdraw } from './channel/withdraw.js'
import type { Address } from './types.js'

/** Every action of a channel, bound to a client. */
export type SluiceActions = {
  readonly planDeposit: (parameters: planDeposit.Parameters) => Promise<planDeposit.ReturnType>
  readonly deposit: (parameters: deposit.Parameters) => Promise<deposit.ReturnType>
  readonly topUp: (parameters: topUp.Parameters) => Promise<topUp.ReturnType>
  readonly claim: (parameters: claim.Parameters) => Promise<claim.ReturnType>
  readonly close: (parameters: close.Parameters) => Promise<close.ReturnType>
  readonly requestClose: (parameters: requestClose.Parameters) => Promise<requestClose.ReturnType>
  readonly withdraw: (parameters: withdraw.Parameters) => Promise<withdraw.ReturnType>
  readonly getChannel: (parameters: getChannel.Parameters) => Promise<getChannel.ReturnType>
  readonly findChannels: (parameters: findChannels.Parameters) => Promise<findChannels.ReturnType>
  readonly watchChannel: (parameters: watchChannel.Parameters) => watchChannel.ReturnType
  readonly ensureChain: () => Promise<void>
}

/**
 * Adds every action of a channel to a viem client.
 *
 * @param options `contract`: address of `StreamChannels`; default: the known deployment on the client's chain
 *
 * @example
 * ```ts
 * import { createWalletClient, http, type LocalAccount } from 'viem'
 * import { base } from 'viem/chains'
 * import { sluiceActions } from '@sluice/sdk'
 *
 * function connect(account: LocalAccount) {
 *   return createWalletClient({ account, chain: base, transport: http() }).extend(sluiceActions())
 * }
 * ```
 */
export function sluiceActions(options: { readonly contract?: Address | undefined } = {}) {
  return (client: ChainClient): SluiceActions => {
    const bound = boundTo(client, options)
    return {
      planDeposit: bound(planDeposit),
      deposit: bound(deposit),
      topUp: bound(topUp),
      claim: bound(claim),
      close: bound(close),
      requestClose: bound(requestClose),
      withdraw: bound(withdraw),
      getChannel: bound(getChannel),
      findChannels: bound(findChannels),
      watchChannel: bound(watchChannel),
      ensureChain: () => ensureChain(client),
    }
  }
}
