import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import {
  owedCall,
  takeOwed,
  type OwedCall,
  type WithdrawnOwed,
  type WithdrawOwedParameters,
} from '../chain/owed.js'
import type { SluiceError } from '../errors.js'
import { subscriptions } from './product.js'

/**
 * Takes out what the contract keeps for the account because it could not be paid, to wherever it likes.
 *
 * @param client a wallet client
 * @param parameters the token, and who gets it
 * @returns base units
 * @throws SluiceError `nothing-owed`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { Address, WalletClient } from 'viem'
 * import { withdrawOwed } from '@sluice/sdk/subscription'
 *
 * async function rescue(wallet: WalletClient, token: Address, to: Address) {
 *   const { amount } = await withdrawOwed(wallet, { token, to })
 *   return amount
 * }
 * ```
 */
export async function withdrawOwed(
  client: ChainClient,
  parameters: withdrawOwed.Parameters,
): Promise<withdrawOwed.ReturnType> {
  return await takeOwed(client, parameters, subscriptions)
}

export declare namespace withdrawOwed {
  type Parameters = WithdrawOwedParameters
  type ReturnType = WithdrawnOwed
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link withdrawOwed}.
 *
 * @param parameters the contract, the token, and who gets it
 *
 * @example
 * ```ts
 * import { withdrawOwedCall } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, token: `0x${string}`, to: `0x${string}`) =>
 *   withdrawOwedCall({ contract, token, to }).data
 * ```
 */
export function withdrawOwedCall(parameters: withdrawOwedCall.Parameters): ContractCall {
  return owedCall(parameters)
}

export declare namespace withdrawOwedCall {
  type Parameters = OwedCall
}
