import { AbiCoder, keccak256, TypedDataEncoder, type TypedDataField } from 'ethers'
import type { Place } from '../support/terms.js'

/** The terms of a plan as the tests pass them to the contract. */
export type Plan = {
  merchant: string
  token: string
  price: bigint
  tip: bigint
  unit: number
  period: number
  trial: number
  grace: number
  salt: string
}

/** What a subscriber agrees to. */
export type Terms = { subscriber: string; maxPrice: bigint; start: number; end: number }

/** What a period is counted in. */
export const unit = { second: 0, month: 1 } as const

/** Why nothing can be charged, as the contract numbers it. */
export const reason = {
  none: 0,
  notSubscribed: 1,
  paused: 2,
  ended: 3,
  notDue: 4,
  lapsed: 5,
  balanceTooLow: 6,
  allowanceTooLow: 7,
  tokenRefused: 8,
} as const

/** The subscriber calls itself. */
export const byItself = { deadline: 0n, signature: '0x' }

const coder = AbiCoder.defaultAbiCoder()
const planTypes = ['address', 'address', 'uint96', 'uint96', 'uint8', 'uint32', 'uint32', 'uint32', 'bytes32']

/** `keccak256(abi.encode(chainId, contract, plan))`, put together without the contract. */
export function planIdOf(place: Place, plan: Plan): string {
  const { merchant, token, price, tip, unit, period, trial, grace, salt } = plan
  return keccak256(
    coder.encode(
      ['uint256', 'address', ...planTypes],
      [place.chainId, place.contract, merchant, token, price, tip, unit, period, trial, grace, salt],
    ),
  )
}

/** `keccak256(abi.encode(planId, subscriber))`. */
export function subscriptionIdOf(planId: string, subscriber: string): string {
  return keccak256(coder.encode(['bytes32', 'address'], [planId, subscriber]))
}

/** What a payment that subscribes is bound to. */
export function subscribePurpose(id: string, terms: Terms): string {
  const { maxPrice, start, end } = terms
  return keccak256(coder.encode(['bytes32', 'uint96', 'uint32', 'uint32'], [id, maxPrice, start, end]))
}

const types = {
  Subscribe: [
    { name: 'subscriptionId', type: 'bytes32' },
    { name: 'maxPrice', type: 'uint96' },
    { name: 'start', type: 'uint32' },
    { name: 'end', type: 'uint32' },
    { name: 'nonce', type: 'uint16' },
    { name: 'deadline', type: 'uint256' },
  ],
  Request: [
    { name: 'action', type: 'string' },
    { name: 'subscriptionId', type: 'bytes32' },
    { name: 'nonce', type: 'uint16' },
    { name: 'deadline', type: 'uint256' },
  ],
  ChangePlan: [
    { name: 'subscriptionId', type: 'bytes32' },
    { name: 'newPlanId', type: 'bytes32' },
    { name: 'maxPrice', type: 'uint96' },
    { name: 'nonce', type: 'uint16' },
    { name: 'deadline', type: 'uint256' },
  ],
  Withdraw: [
    { name: 'subscriptionId', type: 'bytes32' },
    { name: 'to', type: 'address' },
    { name: 'amount', type: 'uint96' },
    { name: 'nonce', type: 'uint16' },
    { name: 'deadline', type: 'uint256' },
  ],
} satisfies Record<string, TypedDataField[]>

/** The EIP-712 digest of what a subscriber signs. */
export function consentDigest(
  place: Place,
  type: keyof typeof types,
  message: Record<string, unknown>,
): string {
  const domain = {
    name: 'Sluice Subscriptions',
    version: '1',
    chainId: place.chainId,
    verifyingContract: place.contract,
  }
  return TypedDataEncoder.hash(domain, { [type]: types[type] }, message)
}
