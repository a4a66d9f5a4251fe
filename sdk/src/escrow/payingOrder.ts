import type { Account } from 'viem'
import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { SluiceError } from '../errors.js'
import { chainTime, isSame } from '../payment/prepare.js'
import type { ProductPayable, ProductPaymentParameters } from '../payment/productPayment.js'
import type { Address, Hex } from '../types.js'
import { readState } from './getOrder.js'
import { invalid } from './invalid.js'
import { orderId, type Order } from './order.js'
import { escrow } from './product.js'

/** What every action takes that pays an order. */
export type PayOrderParameters = ProductPaymentParameters & {
  readonly order: Order
  /** Base units; default: the order's `maxAmount`. */
  readonly amount?: bigint | undefined
}

/** How one action pays an order. */
export type PayingCall = {
  /** For a prompt's title, such as `authorize`. */
  readonly verb: string
  /** Gas that is surely enough for what it does beyond a deposit. */
  readonly extraGas: bigint
  readonly call: (contract: Address, amount: bigint, payment: Hex, value: bigint) => ContractCall
}

/** An order that can be paid. */
export type PayableOrder = {
  readonly account: Account
  readonly orderId: Hex
  readonly payable: ProductPayable
}

/**
 * Checks what can be checked before an order is paid, so that nobody signs in vain.
 *
 * @param client a wallet client
 * @param parameters the order and the amount
 * @param paying the action
 * @throws SluiceError `order-exists`, `amount-exceeds-order`, `deadline-passed`, `not-allowed`, `invalid-argument`
 */
export async function payableOrder(
  client: ChainClient,
  parameters: PayOrderParameters,
  paying: PayingCall,
): Promise<PayableOrder> {
  const { order, amount = order.maxAmount, payment } = parameters
  const account = resolveAccount(client, parameters)
  checkAmount(order, amount)
  if (payment === undefined && !isSame(account.address, order.payer)) {
    throw new SluiceError({
      code: 'not-allowed',
      message: "Only the payer's own money pays this order. Nothing was charged.",
      details: `account ${account.address}, payer ${order.payer}; pass what the payer signed as "payment"`,
    })
  }
  const deployment = await resolveDeployment(client, parameters, escrow)
  const id = orderId({ ...deployment, order })
  const [{ opened }, now] = await Promise.all([
    readState(client, deployment, id),
    parameters.now ?? chainTime(client),
  ])
  if (opened) {
    throw new SluiceError({
      code: 'order-exists',
      message: 'This order was paid already.',
      details: `order ${id} on chain ${deployment.chainId}; the same terms cannot be used again, so use another salt`,
    })
  }
  if (now >= order.captureDeadline) {
    throw new SluiceError({
      code: 'deadline-passed',
      message: 'The capture deadline has passed.',
      details: `order ${id}: captureDeadline ${order.captureDeadline}, now ${now}`,
    })
  }
  const { verb, extraGas } = paying
  const { payer, token } = order
  const call = (bytes: Hex, value: bigint) => paying.call(deployment.contract, amount, bytes, value)
  const payable = { product: escrow, deployment, token, amount, payer, purpose: id, verb, extraGas, call }
  return { account, orderId: id, payable }
}

function checkAmount({ maxAmount, milestones }: Order, amount: bigint): void {
  if (amount <= 0n) throw invalid('The amount is zero.', `amount ${amount}, expected 1 to ${maxAmount}`)
  if (amount > maxAmount) {
    throw new SluiceError({
      code: 'amount-exceeds-order',
      message: 'The amount is more than the order allows.',
      details: `amount ${amount}, maxAmount ${maxAmount}`,
    })
  }
  if (amount !== maxAmount && !/^0x0*$/.test(milestones)) {
    throw invalid('An order with milestones is paid whole.', `amount ${amount}, expected ${maxAmount}`)
  }
}
