import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import {
  act,
  releaseIn,
  type OrderCallParameters,
  type OrderParameters,
  type OrderReceipt,
  type Release,
} from './act.js'
import { escrowCall } from './call.js'

/**
 * Sends what is pending to the receiver: anyone once the dispute window is over, the payer at any time.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns what went to the receiver's side, base units
 * @throws SluiceError `nothing-held`, `deadline-not-reached`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { release, type Order } from '@sluice/sdk/escrow'
 *
 * async function accept(wallet: WalletClient, order: Order) {
 *   const { released } = await release(wallet, { order })
 *   return released
 * }
 * ```
 */
export async function release(
  client: ChainClient,
  parameters: release.Parameters,
): Promise<release.ReturnType> {
  const transaction = await act(client, parameters, (contract) => releaseCall({ ...parameters, contract }))
  return { ...transaction.receipt, ...releaseIn(transaction) }
}

export declare namespace release {
  type Parameters = OrderParameters
  type ReturnType = OrderReceipt & Release
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link release}.
 *
 * @param parameters the contract, the terms
 *
 * @example
 * ```ts
 * import { releaseCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) => releaseCall({ contract, order }).data
 * ```
 */
export function releaseCall(parameters: releaseCall.Parameters): ContractCall {
  const { contract, order } = parameters
  return escrowCall(contract, 'release', [order])
}

export declare namespace releaseCall {
  type Parameters = OrderCallParameters
}
