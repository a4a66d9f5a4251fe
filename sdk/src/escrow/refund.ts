import type { Account } from 'viem'
import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { transact } from '../chain/transact.js'
import { SluiceError } from '../errors.js'
import type { FundingMethod, FundingStep } from '../payment/choose.js'
import {
  payProduct,
  planProductPayment,
  signProductPayment,
  type ProductPayable,
  type ProductPaymentMethod,
  type ProductPaymentParameters,
  type SignedProductPayment,
} from '../payment/productPayment.js'
import { chainTime, isSame } from '../payment/prepare.js'
import type { Address, Hex } from '../types.js'
import { receiptOf, type OrderReceipt } from './act.js'
import { escrowCall } from './call.js'
import { requireEvent } from './events.js'
import { readState } from './getOrder.js'
import { invalid } from './invalid.js'
import { orderId, type Order } from './order.js'
import { escrow } from './product.js'
import { refundPurpose } from './purposes.js'

/**
 * Gives money back to the payer: what is pending first, then money that was released, which the account brings in the way
 * that costs the fewest prompts. For the receiver or its operator.
 *
 * @param client a wallet client
 * @param parameters the terms, base units, and how to pay what is not pending
 * @returns what went back, base units
 * @throws SluiceError `amount-exceeds-order`, `deadline-passed`, `not-allowed`, `unknown-order`, and what a payment
 * throws
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { refund, type Order } from '@sluice/sdk/escrow'
 *
 * async function cancelShow(receiver: WalletClient, ticket: Order) {
 *   const { returned } = await refund(receiver, { order: ticket, amount: ticket.maxAmount })
 *   return returned
 * }
 * ```
 */
export async function refund(client: ChainClient, parameters: refund.Parameters): Promise<refund.ReturnType> {
  const { account, id, payable } = await prepare(client, parameters)
  requireReceiver(parameters.order, account, id)
  const { deployment } = payable
  const mined =
    payable.amount === 0n
      ? {
          ...(await transact(client, account, payable.call('0x', 0n), escrow, parameters)),
          method: undefined,
        }
      : await payProduct(client, account, payable, parameters)
  const { amount, pending } = requireEvent(mined, deployment, id, 'refunded')
  const { method } = mined
  return { ...receiptOf(mined, deployment, id), method, returned: amount, brought: amount - pending }
}

export declare namespace refund {
  type Parameters = ProductPaymentParameters & {
    readonly order: Order
    /** Base units. */
    readonly amount: bigint
  }
  type ReturnType = OrderReceipt & {
    /** Undefined: all of it was pending, so that nothing had to be paid. */
    readonly method: ProductPaymentMethod | undefined
    /** To the payer, base units. */
    readonly returned: bigint
    /** What of it the account paid, base units. */
    readonly brought: bigint
  }
  type ErrorType = SluiceError
}

/** What a refund will ask of the person, before the first prompt. */
export type RefundPlan = {
  /** Undefined: all of it is pending, so that nothing has to be paid. */
  readonly method: FundingMethod | undefined
  readonly prompts: number
  readonly steps: readonly FundingStep[]
  /** What the account has to pay, base units. */
  readonly brought: bigint
}

/**
 * Says what {@link refund} will ask of the person before the first prompt. Fails for the same reasons, without one.
 *
 * @param client a wallet client
 * @param parameters as for `refund`
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { planRefund, type Order } from '@sluice/sdk/escrow'
 *
 * async function whatItTakes(receiver: WalletClient, order: Order) {
 *   const { brought, prompts } = await planRefund(receiver, { order, amount: order.maxAmount })
 *   return { brought, prompts }
 * }
 * ```
 */
export async function planRefund(client: ChainClient, parameters: refund.Parameters): Promise<RefundPlan> {
  const { account, id, payable } = await prepare(client, parameters)
  requireReceiver(parameters.order, account, id)
  const brought = payable.amount
  if (brought > 0n) {
    return { ...(await planProductPayment(client, account, payable, parameters)), brought }
  }
  return { method: undefined, prompts: 1, steps: [{ kind: 'deposit', title: 'Refund' }], brought }
}

/**
 * Signs the payment of a refund for the operator to submit: one prompt of the receiver's wallet and no gas.
 *
 * @param client a wallet client of whoever pays
 * @param parameters as for `refund`
 * @returns what `refund` takes as `payment`, and until when
 * @throws SluiceError `wrong-token` when neither the token (EIP-3009) nor an allowance of Permit2 lets it
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { refund, signRefund, type Order } from '@sluice/sdk/escrow'
 *
 * async function giveBack(receiver: WalletClient, operator: WalletClient, order: Order, amount: bigint) {
 *   const { payment } = await signRefund(receiver, { order, amount })
 *   return await refund(operator, { order, amount, payment })
 * }
 * ```
 */
export async function signRefund(
  client: ChainClient,
  parameters: refund.Parameters,
): Promise<SignedProductPayment> {
  const { account, payable } = await prepare(client, parameters)
  if (payable.amount > 0n) return await signProductPayment(client, account, payable, parameters)
  throw invalid('Nothing has to be paid for this refund.', `all of ${parameters.amount} is pending`)
}

function requireReceiver({ receiver, operator }: Order, { address }: Account, id: Hex): void {
  if (isSame(address, receiver) || isSame(address, operator)) return
  throw new SluiceError({
    code: 'not-allowed',
    message: 'Only the receiver or its operator can do this.',
    details: `order ${id}: account ${address}, receiver ${receiver}, operator ${operator}`,
  })
}

type PreparedRefund = { readonly account: Account; readonly id: Hex; readonly payable: ProductPayable }

/** Finds out what has to be brought, and refuses what the contract would refuse once it is. */
async function prepare(
  client: ChainClient,
  { order, amount, ...parameters }: refund.Parameters,
): Promise<PreparedRefund> {
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, escrow)
  const id = orderId({ ...deployment, order })
  const [{ opened, pending, released }, now] = await Promise.all([
    readState(client, deployment, id),
    parameters.now ?? chainTime(client),
  ])
  if (!opened) {
    throw new SluiceError({
      code: 'unknown-order',
      message: 'This order was never paid.',
      details: `order ${id} on chain ${deployment.chainId}`,
    })
  }
  if (amount <= 0n) throw invalid('The amount is zero.', `amount ${amount}, expected 1 or more`)
  if (amount > pending + released) {
    throw new SluiceError({
      code: 'amount-exceeds-order',
      message: 'More was to be refunded than was captured.',
      details: `order ${id}: amount ${amount}, captured ${pending + released}`,
      action: 'resync',
    })
  }
  const brought = amount > pending ? amount - pending : 0n
  if (brought > 0n && now >= order.refundDeadline) {
    throw new SluiceError({
      code: 'deadline-passed',
      message: 'The refund deadline has passed.',
      details: `order ${id}: refundDeadline ${order.refundDeadline}, now ${now}`,
    })
  }
  const { contract } = deployment
  const payable: ProductPayable = {
    product: escrow,
    deployment,
    token: order.token,
    amount: brought,
    payer: account.address,
    purpose: refundPurpose(id),
    verb: 'refund',
    extraGas: 60_000n,
    call: (payment, value) => refundCall({ contract, order, amount, payment, value }),
  }
  return { account, id, payable }
}

/**
 * Builds the call of {@link refund}.
 *
 * @param parameters the contract, the terms, base units, and the payment of what is not pending; default: the caller's
 * allowance
 *
 * @example
 * ```ts
 * import { refundCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) => refundCall({ contract, order, amount: 1n }).data
 * ```
 */
export function refundCall(parameters: refundCall.Parameters): ContractCall {
  const { contract, order, amount, payment = '0x', value = 0n } = parameters
  return escrowCall(contract, 'refund', [order, amount, payment], value)
}

export declare namespace refundCall {
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
