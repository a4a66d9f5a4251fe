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
import { requireEvent } from './events.js'
import { escrowCall } from './call.js'

/**
 * Captures part of what is authorized, before the capture deadline, as often as wanted. For the receiver's side.
 * Without a dispute window it is paid at once, else it is pending for the window.
 *
 * @param client a wallet client
 * @param parameters the terms, base units, and the rate of the fee
 * @returns what was captured, and what went to the receiver's side on the way, base units
 * @throws SluiceError `not-allowed`, `nothing-held`, `amount-exceeds-order`, `deadline-passed`,
 * `deadline-not-reached`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { capture, type Order } from '@sluice/sdk/escrow'
 *
 * async function ship(wallet: WalletClient, order: Order) {
 *   const { releasableAt } = await capture(wallet, { order, amount: 2_500_000n })
 *   return releasableAt
 * }
 * ```
 */
export async function capture(
  client: ChainClient,
  parameters: capture.Parameters,
): Promise<capture.ReturnType> {
  const transaction = await act(client, parameters, (contract) => captureCall({ ...parameters, contract }))
  const { mined, deployment, receipt } = transaction
  const { amount, feeBps, releasableAt } = requireEvent(mined, deployment, receipt.orderId, 'captured')
  return { ...receipt, ...releaseIn(transaction), amount, feeBps, releasableAt }
}

export declare namespace capture {
  type Parameters = OrderParameters & {
    /** Base units. */
    readonly amount: bigint
    /** Of whatever is released from now on, ten-thousandths; default: the lowest the order allows. */
    readonly feeBps?: number | undefined
  }
  type ReturnType = OrderReceipt &
    Release & {
      /** Base units. */
      readonly amount: bigint
      readonly feeBps: number
      /** From when on it is released; the transaction's own second without a dispute window. */
      readonly releasableAt: number
    }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link capture}.
 *
 * @param parameters the contract, the terms, base units, and the rate of the fee
 *
 * @example
 * ```ts
 * import { captureCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) => captureCall({ contract, order, amount: 2_500_000n }).data
 * ```
 */
export function captureCall(parameters: captureCall.Parameters): ContractCall {
  const { contract, order, amount, feeBps = order.minFeeBps } = parameters
  return escrowCall(contract, 'capture', [order, amount, feeBps])
}

export declare namespace captureCall {
  type Parameters = OrderCallParameters & {
    /** Base units. */
    readonly amount: bigint
    /** Of whatever is released from now on, ten-thousandths; default: the lowest the order allows. */
    readonly feeBps?: number | undefined
  }
}
