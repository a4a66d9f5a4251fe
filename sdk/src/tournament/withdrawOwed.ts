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
import { tournaments } from './product.js'

/**
 * Takes out what could not be delivered to an account, in any tournament, to a destination of its choice.
 *
 * @param client a wallet client of the account
 * @param parameters the token (zero: the native coin), and to whom
 * @returns the transaction and the base units sent
 * @throws SluiceError `nothing-owed`, and wallet errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { withdrawOwed } from '@sluice/sdk/tournament'
 *
 * const takeOut = (wallet: WalletClient, token: `0x${string}`, to: `0x${string}`) =>
 *   withdrawOwed(wallet, { token, to })
 * ```
 */
export async function withdrawOwed(
  client: ChainClient,
  parameters: withdrawOwed.Parameters,
): Promise<withdrawOwed.ReturnType> {
  return await takeOwed(client, parameters, tournaments)
}

export declare namespace withdrawOwed {
  type Parameters = WithdrawOwedParameters
  type ReturnType = WithdrawnOwed
  type ErrorType = SluiceError
}

/**
 * Builds the call by which an account takes out what could not be delivered to it, in any tournament.
 *
 * @param parameters the contract, the token (zero: the native coin), and to whom
 *
 * @example
 * ```ts
 * import { withdrawOwedCall } from '@sluice/sdk/tournament'
 *
 * const takeOut = (contract: `0x${string}`, token: `0x${string}`, to: `0x${string}`) =>
 *   withdrawOwedCall({ contract, token, to })
 * ```
 */
export function withdrawOwedCall(parameters: withdrawOwedCall.Parameters): ContractCall {
  return owedCall(parameters)
}

export declare namespace withdrawOwedCall {
  type Parameters = OwedCall
}
