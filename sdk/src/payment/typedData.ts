import type { TypedDataDomain } from 'viem'
import type { Address, Hex } from '../types.js'
import { permit2Address } from './permit2.js'

/**
 * What a payer signs for EIP-3009: only `to` can submit it, and the nonce binds it to one purpose.
 *
 * @param domain the token's
 * @param message the authorization
 */
export function authorizationTypedData(
  domain: TypedDataDomain,
  message: {
    readonly from: Address
    readonly to: Address
    readonly value: bigint
    readonly validAfter: bigint
    readonly validBefore: bigint
    readonly nonce: Hex
  },
) {
  return {
    domain,
    types: {
      ReceiveWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'ReceiveWithAuthorization',
    message,
  } as const
}

/**
 * What an owner signs for EIP-2612.
 *
 * @param domain the token's
 * @param message the permit
 */
export function permitTypedData(
  domain: TypedDataDomain,
  message: {
    readonly owner: Address
    readonly spender: Address
    readonly value: bigint
    readonly nonce: bigint
    readonly deadline: bigint
  },
) {
  return {
    domain,
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message,
  } as const
}

/** The struct that binds a Permit2 transfer: its type's name, and the name of its one word. */
export type Witness = { readonly type: string; readonly field: string }

/** The struct of `Escrow`, `Tournaments` and `Subscriptions`. Source: `contracts/libraries/Payments.sol`. */
export const paymentWitness: Witness = { type: 'Payment', field: 'purpose' }

/**
 * What a payer signs for Permit2: one transfer to `spender`, bound to one purpose by its witness.
 *
 * @param chainId the chain's
 * @param message the transfer
 * @param witness how the contract tells Permit2 the purpose
 * @param purpose the hash of what is paid for
 */
export function permit2TypedData(
  chainId: number,
  message: {
    readonly permitted: { readonly token: Address; readonly amount: bigint }
    readonly spender: Address
    readonly nonce: bigint
    readonly deadline: bigint
  },
  witness: Witness,
  purpose: Hex,
) {
  return {
    domain: { name: 'Permit2', chainId, verifyingContract: permit2Address },
    types: {
      PermitWitnessTransferFrom: [
        { name: 'permitted', type: 'TokenPermissions' },
        { name: 'spender', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
        { name: 'witness', type: witness.type },
      ],
      TokenPermissions: [
        { name: 'token', type: 'address' },
        { name: 'amount', type: 'uint256' },
      ],
      [witness.type]: [{ name: witness.field, type: 'bytes32' }],
    },
    primaryType: 'PermitWitnessTransferFrom',
    message: { ...message, witness: { [witness.field]: purpose } },
  } as const
}
