import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import {
  payProduct,
  planProductPayment,
  signProductPayment,
  type PaymentPlan,
  type ProductPaymentMethod,
  type SignedProductPayment,
} from '../payment/productPayment.js'
import type { Address, Hex } from '../types.js'
import { escrowCall } from './call.js'
import { requireEvent } from './events.js'
import type { Order } from './order.js'
import { payableOrder, type PayingCall, type PayOrderParameters } from './payingOrder.js'

/**
 * Takes the payer's money in for an order, in the way that costs the payer the fewest prompts: a batch (EIP-5792), a
 * signature (EIP-3009, EIP-2612, Permit2), an allowance that is there already, or an approval first. With a `payment`
 * that the payer signed before, anyone submits. Everything that would make it fail is checked before the first prompt.
 *
 * @param client a wallet client
 * @param parameters the terms, the amount in base units, and how to pay
 * @returns the order's id, the transaction and what was taken in
 * @throws SluiceError `order-exists`, `amount-exceeds-order`, `deadline-passed`, `not-allowed`, `insufficient-token`,
 * `wrong-token`, `permit-expired`, `invalid-argument`, and wallet errors; `TransactionUnknownError` once something was
 * sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { authorize, type Order } from '@sluice/sdk/escrow'
 *
 * const buy = (wallet: WalletClient, order: Order) =>
 *   authorize(wallet, { order, onStep: ({ index, of, title }) => console.log(index, of, title) })
 * ```
 */
export async function authorize(
  client: ChainClient,
  parameters: authorize.Parameters,
): Promise<authorize.ReturnType> {
  const { account, orderId, payable } = await payableOrder(client, parameters, paying(parameters.order))
  const mined = await payProduct(client, account, payable, parameters)
  const { amount } = requireEvent(mined, payable.deployment, orderId, 'authorized')
  const { hash, blockNumber, method } = mined
  return { orderId, hash, blockNumber, method, amount }
}

export declare namespace authorize {
  type Parameters = PayOrderParameters
  type ReturnType = {
    readonly orderId: Hex
    readonly hash: Hex
    readonly blockNumber: bigint
    readonly method: ProductPaymentMethod
    /** Base units taken in. */
    readonly amount: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Says what {@link authorize} will ask of the person before the first prompt. Fails for the same reasons, without one.
 *
 * @param client a wallet client
 * @param parameters as for `authorize`; pass `methods: [plan.method]` there to hold it to the plan
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { planAuthorize, type Order } from '@sluice/sdk/escrow'
 *
 * async function announce(wallet: WalletClient, order: Order) {
 *   const { prompts, steps } = await planAuthorize(wallet, { order })
 *   return steps.map(({ title }, index) => `${index + 1} of ${prompts}: ${title}`)
 * }
 * ```
 */
export async function planAuthorize(
  client: ChainClient,
  parameters: authorize.Parameters,
): Promise<PaymentPlan> {
  const { account, payable } = await payableOrder(client, parameters, paying(parameters.order))
  return await planProductPayment(client, account, payable, parameters)
}

/**
 * Signs the payment of an order for somebody else to submit, with `authorize` or `charge`: one prompt and no gas. The
 * signature is bound to the order's id, so the payer agrees to every term with it.
 *
 * @param client a wallet client of the payer
 * @param parameters as for `authorize`
 * @returns what `authorize` and `charge` take as `payment`, and until when
 * @throws SluiceError `wrong-token` when neither the token (EIP-3009) nor an allowance of Permit2 lets it
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { authorize, signAuthorize, type Order } from '@sluice/sdk/escrow'
 *
 * async function buyWithoutGas(payer: WalletClient, relayer: WalletClient, order: Order) {
 *   const { payment } = await signAuthorize(payer, { order })
 *   return await authorize(relayer, { order, payment })
 * }
 * ```
 */
export async function signAuthorize(
  client: ChainClient,
  parameters: authorize.Parameters,
): Promise<SignedProductPayment> {
  const { account, payable } = await payableOrder(client, parameters, paying(parameters.order))
  return await signProductPayment(client, account, payable, parameters)
}

function paying(order: Order): PayingCall {
  return {
    verb: 'authorize',
    extraGas: 30_000n,
    call: (contract, amount, payment, value) => authorizeCall({ contract, order, amount, payment, value }),
  }
}

/**
 * Builds the call of {@link authorize}.
 *
 * @param parameters the contract, the terms, base units, and the payment; default: the caller's allowance
 *
 * @example
 * ```ts
 * import { authorizeCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) =>
 *   authorizeCall({ contract, order, amount: order.maxAmount }).data
 * ```
 */
export function authorizeCall(parameters: authorizeCall.Parameters): ContractCall {
  const { contract, order, amount, payment = '0x', value = 0n } = parameters
  return escrowCall(contract, 'authorize', [order, amount, payment], value)
}

export declare namespace authorizeCall {
  type Parameters = {
    readonly contract: Address
    readonly order: Order
    /** Base units. */
    readonly amount: bigint
    /** See `libraries/Payments.sol`; default: the caller's allowance, or the native coin. */
    readonly payment?: Hex | undefined
    /** Native coin to send, in wei; default none. */
    readonly value?: bigint | undefined
  }
}
