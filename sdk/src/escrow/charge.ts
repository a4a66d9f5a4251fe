import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import {
  payProduct,
  planProductPayment,
  type PaymentPlan,
  type ProductPaymentMethod,
} from '../payment/productPayment.js'
import type { Address, Hex } from '../types.js'
import { receiptOf, releaseIn, type OrderReceipt, type Release } from './act.js'
import { escrowCall } from './call.js'
import { requireEvent } from './events.js'
import { invalid } from './invalid.js'
import type { Order } from './order.js'
import { payableOrder, type PayableOrder, type PayOrderParameters } from './payingOrder.js'

/**
 * Takes the payer's money in and captures all of it at once. For the payer, or for the receiver's side with a `payment`
 * that the payer signed (`signAuthorize`).
 *
 * @param client a wallet client
 * @param parameters the terms, the amount in base units, the rate of the fee, and how to pay
 * @returns what was captured, and what went to the receiver's side, base units
 * @throws SluiceError see `authorize`
 *
 * @example
 * ```ts
 * import type { Hex, WalletClient } from 'viem'
 * import { charge, type Order } from '@sluice/sdk/escrow'
 *
 * async function sell(receiver: WalletClient, order: Order, payment: Hex) {
 *   const { released, fee } = await charge(receiver, { order, payment })
 *   return released - fee
 * }
 * ```
 */
export async function charge(client: ChainClient, parameters: charge.Parameters): Promise<charge.ReturnType> {
  const { account, orderId, payable } = await prepare(client, parameters)
  const mined = await payProduct(client, account, payable, parameters)
  const { deployment } = payable
  const { amount, feeBps, releasableAt } = requireEvent(mined, deployment, orderId, 'captured')
  const receipt = receiptOf(mined, deployment, orderId)
  const { method } = mined
  return { ...receipt, ...releaseIn({ mined, deployment, receipt }), method, amount, feeBps, releasableAt }
}

export declare namespace charge {
  type Parameters = PayOrderParameters & {
    /** Ten-thousandths; default: the lowest the order allows, which is all that the payer may choose. */
    readonly feeBps?: number | undefined
  }
  type ReturnType = OrderReceipt &
    Release & {
      readonly method: ProductPaymentMethod
      /** Base units. */
      readonly amount: bigint
      readonly feeBps: number
      /** From when on it is released; the transaction's own second without a dispute window. */
      readonly releasableAt: number
    }
  type ErrorType = SluiceError
}

/**
 * Says what {@link charge} will ask of the person before the first prompt. Fails for the same reasons, without one.
 *
 * @param client a wallet client
 * @param parameters as for `charge`; pass `methods: [plan.method]` there to hold it to the plan
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { planCharge, type Order } from '@sluice/sdk/escrow'
 *
 * const promptsFor = async (wallet: WalletClient, order: Order) => (await planCharge(wallet, { order })).prompts
 * ```
 */
export async function planCharge(client: ChainClient, parameters: charge.Parameters): Promise<PaymentPlan> {
  const { account, payable } = await prepare(client, parameters)
  return await planProductPayment(client, account, payable, parameters)
}

/** The payer may choose no other rate than the lowest. */
async function prepare(client: ChainClient, parameters: charge.Parameters): Promise<PayableOrder> {
  const { order, feeBps = order.minFeeBps, payment } = parameters
  const highest = payment === undefined ? order.minFeeBps : order.maxFeeBps
  if (feeBps < order.minFeeBps || feeBps > highest) {
    throw invalid(
      "The fee lies outside the order's range.",
      `feeBps ${feeBps}, expected ${order.minFeeBps} to ${highest}`,
    )
  }
  return await payableOrder(client, parameters, {
    verb: 'pay',
    extraGas: 120_000n,
    call: (contract, amount, bytes, value) =>
      chargeCall({ contract, order, amount, feeBps, payment: bytes, value }),
  })
}

/**
 * Builds the call of {@link charge}.
 *
 * @param parameters the contract, the terms, base units, the rate of the fee, and the payment; default: the caller's
 * allowance
 *
 * @example
 * ```ts
 * import { chargeCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) =>
 *   chargeCall({ contract, order, amount: order.maxAmount }).data
 * ```
 */
export function chargeCall(parameters: chargeCall.Parameters): ContractCall {
  const { contract, order, amount, feeBps = order.minFeeBps, payment = '0x', value = 0n } = parameters
  return escrowCall(contract, 'charge', [order, amount, feeBps, payment], value)
}

export declare namespace chargeCall {
  type Parameters = {
    readonly contract: Address
    readonly order: Order
    /** Base units. */
    readonly amount: bigint
    /** Ten-thousandths; default: the lowest the order allows. */
    readonly feeBps?: number | undefined
    /** See `libraries/Payments.sol`; default: the caller's allowance, or the native coin. */
    readonly payment?: Hex | undefined
    /** Native coin to send, in wei; default none. */
    readonly value?: bigint | undefined
  }
}
