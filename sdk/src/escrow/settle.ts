import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
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
 * Splits everything that is held as both sides agreed. A side that sends has agreed; the other's signature, or both, come
 * from {@link signSettlement}.
 *
 * @param client a wallet client
 * @param parameters the terms, both parts in base units, the deadline and the signatures
 * @returns what each side got
 * @throws SluiceError `invalid-signature`, `permit-expired`, `nothing-held`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { Hex, WalletClient } from 'viem'
 * import { settle, type Order } from '@sluice/sdk/escrow'
 *
 * async function giveAllBack(receiver: WalletClient, order: Order, deadline: bigint, payerSignature: Hex) {
 *   return await settle(receiver, { order, toReceiver: 0n, toPayer: order.maxAmount, deadline, payerSignature })
 * }
 * ```
 */
export async function settle(client: ChainClient, parameters: settle.Parameters): Promise<settle.ReturnType> {
  const transaction = await act(client, parameters, (contract) => settleCall({ ...parameters, contract }))
  return { ...transaction.receipt, ...splitIn(transaction, 'settled') }
}

export declare namespace settle {
  type Parameters = OrderParameters & {
    /** Base units, of which the fee is taken. */
    readonly toReceiver: bigint
    /** Base units. */
    readonly toPayer: bigint
    /** Last second in which the agreement holds. */
    readonly deadline: bigint
    /** Not needed when the payer sends. */
    readonly payerSignature?: Hex | undefined
    /** The receiver's or its operator's; not needed when one of them sends. */
    readonly receiverSignature?: Hex | undefined
  }
  type ReturnType = OrderReceipt & Split
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link settle}.
 *
 * @param parameters the contract, the terms, both parts in base units, the deadline and the signatures
 *
 * @example
 * ```ts
 * import { settleCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) =>
 *   settleCall({ contract, order, toReceiver: 0n, toPayer: 1n, deadline: 0n }).data
 * ```
 */
export function settleCall(parameters: settleCall.Parameters): ContractCall {
  const {
    contract,
    order,
    toReceiver,
    toPayer,
    deadline,
    payerSignature = '0x',
    receiverSignature = '0x',
  } = parameters
  return escrowCall(contract, 'settle', [
    order,
    toReceiver,
    toPayer,
    deadline,
    payerSignature,
    receiverSignature,
  ])
}

export declare namespace settleCall {
  type Parameters = OrderCallParameters & {
    /** Base units, of which the fee is taken. */
    readonly toReceiver: bigint
    /** Base units. */
    readonly toPayer: bigint
    /** Last second in which the agreement holds. */
    readonly deadline: bigint
    /** Not needed when the payer sends. */
    readonly payerSignature?: Hex | undefined
    /** The receiver's or its operator's; not needed when one of them sends. */
    readonly receiverSignature?: Hex | undefined
  }
}
