import { encodeAbiParameters, keccak256, stringToHex } from 'viem'
import { escrowDomain } from '../domains.js'
import type { Deployment, Hex } from '../types.js'

/** Both sides' agreement on a split of everything an order holds. Checked on the chain. */
export const settlementTypes = {
  Settlement: [
    { name: 'orderId', type: 'bytes32' },
    { name: 'toReceiver', type: 'uint96' },
    { name: 'toPayer', type: 'uint96' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** A split: base units to each side, and the last second in which the agreement holds. */
export type Settlement = {
  readonly orderId: Hex
  readonly toReceiver: bigint
  readonly toPayer: bigint
  readonly deadline: bigint
}

/**
 * What payer and receiver sign to settle, as any wallet's `signTypedData` takes it.
 *
 * @param deployment where the order lives
 * @param settlement the split
 *
 * @example
 * ```ts
 * import type { LocalAccount } from 'viem'
 * import { settlementTypedData, type Settlement } from '@sluice/sdk/escrow'
 *
 * const sign = (account: LocalAccount, contract: `0x${string}`, settlement: Settlement) =>
 *   account.signTypedData(settlementTypedData({ chainId: 8453, contract }, settlement))
 * ```
 */
export function settlementTypedData(deployment: Deployment, settlement: Settlement) {
  return {
    domain: escrowDomain(deployment),
    types: settlementTypes,
    primaryType: 'Settlement',
    message: settlement,
  } as const
}

/**
 * What a signature that pays a refund is bound to: EIP-3009 nonce and Permit2 witness follow from it.
 *
 * @param id the order's id
 *
 * @example
 * ```ts
 * import { refundPurpose } from '@sluice/sdk/escrow'
 *
 * const purposeOf = (orderId: `0x${string}`) => refundPurpose(orderId)
 * ```
 */
export function refundPurpose(id: Hex): Hex {
  const typeHash = keccak256(stringToHex('Refund(bytes32 orderId)'))
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [typeHash, id]))
}
