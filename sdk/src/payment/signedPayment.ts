import type { Address, Hex } from '../types.js'

/** A signature that pays, with everything the contract needs to use it. Times in seconds. */
export type SignedPayment = Permit | Authorization | Permit2Transfer

/** EIP-2612: an allowance, used up by the same call. Only its signer can submit it. */
export type Permit = { readonly method: 'permit'; readonly deadline: bigint; readonly signature: Hex }

/** EIP-3009: a transfer to the contract, submitted by anyone. Its nonce is `authorizationNonce(purpose, salt)`. */
export type Authorization = {
  readonly method: 'authorization'
  readonly from: Address
  readonly validAfter: bigint
  readonly validBefore: bigint
  readonly salt: Hex
  readonly signature: Hex
}

/** A transfer to the contract through Permit2, submitted by anyone. */
export type Permit2Transfer = {
  readonly method: 'permit2'
  readonly from: Address
  readonly nonce: bigint
  readonly deadline: bigint
  readonly signature: Hex
}
