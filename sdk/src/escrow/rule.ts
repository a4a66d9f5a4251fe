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
 * Splits what is disputed, within the ruling window. For the arbiter.
 *
 * @param client a wallet client
 * @param parameters the terms and both parts in base units, which add up to what is disputed
 * @returns what each side got
 * @throws SluiceError `not-allowed`, `nothing-held`, `deadline-passed`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { rule, type Order } from '@sluice/sdk/escrow'
 *
 * async function halve(wallet: WalletClient, order: Order, disputed: bigint) {
 *   const { toPayer } = await rule(wallet, { order, toReceiver: disputed / 2n, toPayer: disputed - disputed / 2n })
 *   return toPayer
 * }
 * ```
 */
export async function rule(client: ChainClient, parameters: rule.Parameters): Promise<rule.ReturnType> {
  const transaction = await act(client, parameters, (contract) => ruleCall({ ...parameters, contract }))
  return { ...transaction.receipt, ...splitIn(transaction, 'ruled') }
}

export declare namespace rule {
  type Parameters = OrderParameters & {
    /** Base units, of which the fee is taken. */
    readonly toReceiver: bigint
    /** Base units. */
    readonly toPayer: bigint
  }
  type ReturnType = OrderReceipt & Split
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link rule}.
 *
 * @param parameters the contract, the terms and both parts in base units, which add up to what is disputed
 *
 * @example
 * ```ts
 * import { ruleCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) =>
 *   ruleCall({ contract, order, toReceiver: 1n, toPayer: 0n }).data
 * ```
 */
export function ruleCall(parameters: ruleCall.Parameters): ContractCall {
  const { contract, order, toReceiver, toPayer } = parameters
  return escrowCall(contract, 'rule', [order, toReceiver, toPayer])
}

export declare namespace ruleCall {
  type Parameters = OrderCallParameters & {
    /** Base units, of which the fee is taken. */
    readonly toReceiver: bigint
    /** Base units. */
    readonly toPayer: bigint
  }
}
