import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { act, type OrderCallParameters, type OrderParameters, type OrderReceipt } from './act.js'
import { requireEvent } from './events.js'
import { escrowCall } from './call.js'

/**
 * Sends what is authorized back to the payer. For the receiver or its operator, at any time.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns what went back to the payer, base units
 * @throws SluiceError `not-allowed`, `nothing-held`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { voidOrder, type Order } from '@sluice/sdk/escrow'
 *
 * async function giveBack(wallet: WalletClient, order: Order) {
 *   const { returned } = await voidOrder(wallet, { order })
 *   return returned
 * }
 * ```
 */
export async function voidOrder(
  client: ChainClient,
  parameters: voidOrder.Parameters,
): Promise<voidOrder.ReturnType> {
  const { mined, deployment, receipt } = await act(client, parameters, (contract) =>
    voidOrderCall({ ...parameters, contract }),
  )
  return { ...receipt, returned: requireEvent(mined, deployment, receipt.orderId, 'voided').amount }
}

export declare namespace voidOrder {
  type Parameters = OrderParameters
  type ReturnType = OrderReceipt & {
    /** To the payer, base units. */
    readonly returned: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link voidOrder}.
 *
 * @param parameters the contract, the terms
 *
 * @example
 * ```ts
 * import { voidOrderCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) => voidOrderCall({ contract, order }).data
 * ```
 */
export function voidOrderCall(parameters: voidOrderCall.Parameters): ContractCall {
  const { contract, order } = parameters
  return escrowCall(contract, 'void', [order])
}

export declare namespace voidOrderCall {
  type Parameters = OrderCallParameters
}
