import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { act, type OrderCallParameters, type OrderParameters, type OrderReceipt } from './act.js'
import { requireEvent } from './events.js'
import { escrowCall } from './call.js'

/**
 * Sends what is authorized back to the payer once the capture deadline has passed. For anyone; nobody can stop it.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns what went back to the payer, base units
 * @throws SluiceError `nothing-held`, `deadline-not-reached`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { reclaim, type Order } from '@sluice/sdk/escrow'
 *
 * async function giveBack(wallet: WalletClient, order: Order) {
 *   const { returned } = await reclaim(wallet, { order })
 *   return returned
 * }
 * ```
 */
export async function reclaim(
  client: ChainClient,
  parameters: reclaim.Parameters,
): Promise<reclaim.ReturnType> {
  const { mined, deployment, receipt } = await act(client, parameters, (contract) =>
    reclaimCall({ ...parameters, contract }),
  )
  return { ...receipt, returned: requireEvent(mined, deployment, receipt.orderId, 'reclaimed').amount }
}

export declare namespace reclaim {
  type Parameters = OrderParameters
  type ReturnType = OrderReceipt & {
    /** To the payer, base units. */
    readonly returned: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link reclaim}.
 *
 * @param parameters the contract, the terms
 *
 * @example
 * ```ts
 * import { reclaimCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) => reclaimCall({ contract, order }).data
 * ```
 */
export function reclaimCall(parameters: reclaimCall.Parameters): ContractCall {
  const { contract, order } = parameters
  return escrowCall(contract, 'reclaim', [order])
}

export declare namespace reclaimCall {
  type Parameters = OrderCallParameters
}
