import { TypedDataEncoder } from 'ethers'
import { AllowanceTransfer, SignatureTransfer } from '@uniswap/permit2-sdk'
import { permit2Address } from '../support/funding.js'

/** The digest of a Permit2 transfer bound to a purpose, its typed data built by Uniswap's own package. */
export function paymentDigest(
  chainId: number,
  permit: { token: string; amount: bigint; spender: string; nonce: bigint; deadline: bigint },
  purpose: string,
): string {
  const { token, amount, spender, nonce, deadline } = permit
  const { types, values } = SignatureTransfer.getPermitData(
    { permitted: { token, amount }, spender, nonce, deadline },
    permit2Address,
    chainId,
    {
      witness: { purpose },
      witnessTypeName: 'Payment',
      witnessType: { Payment: [{ name: 'purpose', type: 'bytes32' }] },
    },
  )
  return TypedDataEncoder.hash(domain(chainId), types, values)
}

/** A permit that puts an allowance into Permit2. */
export type PermitSingle = {
  details: { token: string; amount: bigint; expiration: bigint; nonce: bigint }
  spender: string
  sigDeadline: bigint
}

/** The digest of such a permit, its typed data built by Uniswap's own package. */
export function allowanceDigest(chainId: number, permit: PermitSingle): string {
  const { types, values } = AllowanceTransfer.getPermitData(permit, permit2Address, chainId)
  return TypedDataEncoder.hash(domain(chainId), types, values)
}

function domain(chainId: number) {
  return { name: 'Permit2', chainId, verifyingContract: permit2Address }
}
