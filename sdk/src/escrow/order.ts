import { encodeAbiParameters, getAbiItem, keccak256, zeroHash } from 'viem'
import { escrowFunctions } from '../abi/escrowFunctions.js'
import type { SluiceError } from '../errors.js'
import { zeroAddress, type Address, type Deployment, type Hex } from '../types.js'
import { invalid } from './invalid.js'

/** The terms of an order, fixed for its whole life. Field order is the contract's; shares are ten-thousandths. */
export type Order = {
  /** Pays, may dispute, gets back whatever is not earned. */
  readonly payer: Address
  /** Is paid; may be a cold wallet. */
  readonly receiver: Address
  /** The receiver's server key: acts for it, never receives. Zero: none. */
  readonly operator: Address
  /** Splits what is disputed. Zero: none. */
  readonly arbiter: Address
  /** An ERC-20 token; zero for the chain's native coin. */
  readonly token: Address
  /** Gets the fee out of what the receiver is paid; zero when there is none. */
  readonly feeRecipient: Address
  /** Base units that can be captured at most. */
  readonly maxAmount: bigint
  readonly minFeeBps: number
  readonly maxFeeBps: number
  /** Second from which on nothing is captured, and what is left is the payer's. */
  readonly captureDeadline: number
  /** Second from which on released money is not refunded through the contract. */
  readonly refundDeadline: number
  /** Seconds that captured money can be disputed, up to 90 days; zero: paid at capture. */
  readonly disputeWindow: number
  /** Seconds the arbiter has for a dispute, up to 90 days. */
  readonly rulingWindow: number
  /** The receiver's share of a dispute that nobody decided in time. */
  readonly defaultShareBps: number
  /** Sixteen weights, see `encodeMilestones`; zero: none. */
  readonly milestones: Hex
  /** The hash of what is bought. */
  readonly metadata: Hex
  /** 32 bytes that distinguish orders with otherwise equal terms. */
  readonly salt: Hex
}

const maximumWindow = 90 * 86_400

/**
 * The terms of an order, with what is not given left out of it, refused when the contract would refuse them.
 *
 * @param parameters the parties, the amount, the capture deadline and what else is wanted
 * @throws SluiceError `invalid-argument` with what was found and what is allowed
 *
 * @example
 * ```ts
 * import { createOrder } from '@sluice/sdk/escrow'
 *
 * const ticket = createOrder({
 *   payer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
 *   receiver: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
 *   token: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
 *   maxAmount: 5_000_000n,
 *   captureDeadline: 1_800_000_000,
 * })
 * console.log(ticket.refundDeadline) // 1800000000
 * ```
 */
export function createOrder(parameters: createOrder.Parameters): Order {
  const { payer, receiver, token, maxAmount, captureDeadline } = parameters
  const minFeeBps = parameters.minFeeBps ?? 0
  const order: Order = {
    payer,
    receiver,
    operator: parameters.operator ?? zeroAddress,
    arbiter: parameters.arbiter ?? zeroAddress,
    token,
    feeRecipient: parameters.feeRecipient ?? zeroAddress,
    maxAmount,
    minFeeBps,
    maxFeeBps: parameters.maxFeeBps ?? minFeeBps,
    captureDeadline,
    refundDeadline: parameters.refundDeadline ?? captureDeadline,
    disputeWindow: parameters.disputeWindow ?? 0,
    rulingWindow: parameters.rulingWindow ?? 0,
    defaultShareBps: parameters.defaultShareBps ?? 0,
    milestones: parameters.milestones ?? zeroHash,
    metadata: parameters.metadata ?? zeroHash,
    salt: parameters.salt ?? zeroHash,
  }
  checkOrder(order)
  return order
}

export declare namespace createOrder {
  type Required = Pick<Order, 'payer' | 'receiver' | 'token' | 'maxAmount' | 'captureDeadline'>
  type Optional = Partial<Omit<Order, keyof Required>>
  type Parameters = Required & Optional
  type ErrorType = SluiceError
}

/** What the contract checks of terms, save the clock. */
function checkOrder(order: Order): void {
  const { maxAmount, minFeeBps, maxFeeBps, defaultShareBps, captureDeadline, refundDeadline } = order
  if (order.payer === zeroAddress) throw invalid('The order names no payer.', 'payer is zero')
  if (order.receiver === zeroAddress) throw invalid('The order names no receiver.', 'receiver is zero')
  requireRange('maxAmount', maxAmount, 1n, 2n ** 96n - 1n)
  requireRange('maxFeeBps', maxFeeBps, minFeeBps, 10_000)
  requireRange('minFeeBps', minFeeBps, 0, maxFeeBps)
  requireRange('defaultShareBps', defaultShareBps, 0, 10_000)
  requireRange('disputeWindow', order.disputeWindow, 0, maximumWindow)
  requireRange('rulingWindow', order.rulingWindow, 0, maximumWindow)
  requireRange('refundDeadline', refundDeadline, captureDeadline, 2 ** 32 - 1)
  requireRange('captureDeadline', captureDeadline, 1, 2 ** 32 - 1 - order.disputeWindow - order.rulingWindow)
  if (maxFeeBps !== 0 && order.feeRecipient === zeroAddress) {
    throw invalid(
      'The order has a fee and nobody to receive it.',
      `maxFeeBps ${maxFeeBps}, feeRecipient zero`,
    )
  }
  if (order.disputeWindow === 0 && (order.arbiter !== zeroAddress || order.milestones !== zeroHash)) {
    throw invalid(
      'An arbiter or milestones need a dispute window.',
      `disputeWindow 0, arbiter ${order.arbiter}, milestones ${order.milestones}`,
    )
  }
}

function requireRange<value extends number | bigint>(
  name: string,
  value: value,
  minimum: value,
  maximum: value,
): void {
  if (value >= minimum && value <= maximum) return
  throw invalid(`The order's ${name} is out of range.`, `${name} ${value}, expected ${minimum} to ${maximum}`)
}

const [orderParameter] = getAbiItem({ abi: escrowFunctions, name: 'orderId' }).inputs

/**
 * The id of an order on one chain and contract: `keccak256(abi.encode(chainId, contract, order))`. It is also the
 * purpose that a signed payment of the order is bound to.
 *
 * @param parameters where the order lives, and its terms
 *
 * @example
 * ```ts
 * import { orderId, type Order } from '@sluice/sdk/escrow'
 *
 * const idOn = (chainId: number, contract: `0x${string}`, order: Order) => orderId({ chainId, contract, order })
 * ```
 */
export function orderId({ chainId, contract, order }: Deployment & { readonly order: Order }): Hex {
  return keccak256(
    encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'address' }, orderParameter],
      [BigInt(chainId), contract, order],
    ),
  )
}
