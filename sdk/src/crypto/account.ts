import type { LocalAccount } from 'viem'
import { streamChannelsDomain } from '../domains.js'
import { closeTypes, receiptTypes, sessionTypes, voucherTypes } from '../typedData.js'
import type { Address, Deployment, OperatorSigner, VoucherSigner } from '../types.js'

/** The part of a viem account that signs: a local account, or anything shaped like one. */
export type TypedDataAccount = Pick<LocalAccount, 'address' | 'signTypedData'>

/**
 * Signs vouchers and sessions with a viem account. Each may be a prompt: a session key is the better voucher signer.
 *
 * @param account its address is the channel's `signer`
 * @param deployment chain and contract
 */
export function voucherSignerFromAccount(account: TypedDataAccount, deployment: Deployment): VoucherSigner {
  const domain = streamChannelsDomain(deployment)
  return {
    address: account.address.toLowerCase() as Address,
    signVoucher: (channelId, cumulativeAmount) =>
      account.signTypedData({
        domain,
        types: voucherTypes,
        primaryType: 'Voucher',
        message: { channelId, cumulativeAmount },
      }),
    signSession: (channelId, challenge) =>
      account.signTypedData({
        domain,
        types: sessionTypes,
        primaryType: 'Session',
        message: { channelId, challenge },
      }),
  }
}

/**
 * Signs receipts and closes with a viem account.
 *
 * @param account its address is the channel's `operator`, or its payee when the operator is zero
 * @param deployment chain and contract
 */
export function operatorSignerFromAccount(account: TypedDataAccount, deployment: Deployment): OperatorSigner {
  const domain = streamChannelsDomain(deployment)
  return {
    address: account.address.toLowerCase() as Address,
    signReceipt: ({ channelId, accepted, spent, units, at }) =>
      account.signTypedData({
        domain,
        types: receiptTypes,
        primaryType: 'Receipt',
        message: { channelId, accepted, spent, units, at: BigInt(at) },
      }),
    signClose: (channelId, capturedAmount) =>
      account.signTypedData({
        domain,
        types: closeTypes,
        primaryType: 'Close',
        message: { channelId, capturedAmount },
      }),
  }
}
