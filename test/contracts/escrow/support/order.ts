import { AbiCoder, keccak256, TypedDataEncoder } from 'ethers'
import type { Place } from '../../support/terms.js'

/** The terms of an order as the tests pass them to the contract, in the contract's order of fields. */
export type Order = {
  payer: string
  receiver: string
  operator: string
  arbiter: string
  token: string
  feeRecipient: string
  maxAmount: bigint
  minFeeBps: bigint
  maxFeeBps: bigint
  captureDeadline: bigint
  refundDeadline: bigint
  disputeWindow: bigint
  rulingWindow: bigint
  defaultShareBps: bigint
  milestones: string
  metadata: string
  salt: string
}

const orderTypes = [
  ...Array<string>(6).fill('address'),
  'uint96',
  'uint16',
  'uint16',
  ...Array<string>(4).fill('uint32'),
  'uint16',
  ...Array<string>(3).fill('bytes32'),
]

const coder = AbiCoder.defaultAbiCoder()

/** `keccak256(abi.encode(chainId, contract, order))`, put together without the contract. */
export function orderIdOf({ chainId, contract }: Place, order: Order): string {
  return keccak256(
    coder.encode(['uint256', 'address', ...orderTypes], [chainId, contract, ...Object.values(order)]),
  )
}

/** What the two sides of a settlement sign. */
export function settlementDigest(
  { chainId, contract }: Place,
  settlement: { orderId: string; toReceiver: bigint; toPayer: bigint; deadline: bigint },
): string {
  return TypedDataEncoder.hash(
    { name: 'Sluice Escrow', version: '1', chainId, verifyingContract: contract },
    {
      Settlement: [
        { name: 'orderId', type: 'bytes32' },
        { name: 'toReceiver', type: 'uint96' },
        { name: 'toPayer', type: 'uint96' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    settlement,
  )
}

/** What a signature that pays a refund is bound to. */
export function refundPurpose(orderId: string): string {
  const typeHash = keccak256(Buffer.from('Refund(bytes32 orderId)'))
  return keccak256(coder.encode(['bytes32', 'bytes32'], [typeHash, orderId]))
}

/** Up to sixteen weights as the word the terms carry. */
export function milestonesOf(...weights: number[]): string {
  return `0x${weights
    .map((weight) => weight.toString(16).padStart(4, '0'))
    .join('')
    .padEnd(64, '0')}`
}
