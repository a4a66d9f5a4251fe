import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { act, type OrderCallParameters, type OrderParameters, type OrderReceipt } from './act.js'
import { requireEvent } from './events.js'
import { escrowCall } from './call.js'

/**
 * Freezes what is pending, within the dispute window. For the payer.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns what is frozen in all, and until when the arbiter can split it
 * @throws SluiceError `not-allowed`, `nothing-held`, `deadline-passed`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { dispute, type Order } from '@sluice/sdk/escrow'
 *
 * async function object(wallet: WalletClient, order: Order) {
 *   const { rulableUntil } = await dispute(wallet, { order })
 *   return rulableUntil
 * }
 * ```
 */
export async function dispute(
  client: ChainClient,
  parameters: dispute.Parameters,
): Promise<dispute.ReturnType> {
  const { mined, deployment, receipt } = await act(client, parameters, (contract) =>
    disputeCall({ ...parameters, contract }),
  )
  const { disputed, rulableUntil } = requireEvent(mined, deployment, receipt.orderId, 'disputed')
  return { ...receipt, disputed, rulableUntil }
}

export declare namespace dispute {
  type Parameters = OrderParameters
  type ReturnType = OrderReceipt & {
    /** In all, base units. */
    readonly disputed: bigint
    /** Second from which on the default share decides. */
    readonly rulableUntil: number
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link dispute}.
 *
 * @param parameters the contract, the terms
 *
 * @example
 * ```ts
 * import { disputeCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) => disputeCall({ contract, order }).data
 * ```
 */
export function disputeCall(parameters: disputeCall.Parameters): ContractCall {
  const { contract, order } = parameters
  return escrowCall(contract, 'dispute', [order])
}

export declare namespace disputeCall {
  type Parameters = OrderCallParameters
}
