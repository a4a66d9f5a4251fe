import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import {
  act,
  splitIn,
  type OrderCallParameters,
  type OrderParameters,
  type OrderReceipt,
  type Split,
} from './act.js'
import { escrowCall } from './call.js'

/**
 * Splits what is disputed by the order's default share, once the arbiter's time is over. For anyone.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns what each side got
 * @throws SluiceError `nothing-held`, `deadline-not-reached`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { resolveByTimeout, type Order } from '@sluice/sdk/escrow'
 *
 * async function decide(wallet: WalletClient, order: Order) {
 *   const { toPayer } = await resolveByTimeout(wallet, { order })
 *   return toPayer
 * }
 * ```
 */
export async function resolveByTimeout(
  client: ChainClient,
  parameters: resolveByTimeout.Parameters,
): Promise<resolveByTimeout.ReturnType> {
  const transaction = await act(client, parameters, (contract) =>
    resolveByTimeoutCall({ ...parameters, contract }),
  )
  return { ...transaction.receipt, ...splitIn(transaction, 'timed-out') }
}

export declare namespace resolveByTimeout {
  type Parameters = OrderParameters
  type ReturnType = OrderReceipt & Split
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link resolveByTimeout}.
 *
 * @param parameters the contract, the terms
 *
 * @example
 * ```ts
 * import { resolveByTimeoutCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) => resolveByTimeoutCall({ contract, order }).data
 * ```
 */
export function resolveByTimeoutCall(parameters: resolveByTimeoutCall.Parameters): ContractCall {
  const { contract, order } = parameters
  return escrowCall(contract, 'resolveByTimeout', [order])
}

export declare namespace resolveByTimeoutCall {
  type Parameters = OrderCallParameters
}
