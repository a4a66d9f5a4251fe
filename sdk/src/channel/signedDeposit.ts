import type { ContractCall } from '../chain/call.js'
import type { SignedPayment } from '../payment/signedPayment.js'
import type { Address, Channel } from '../types.js'
import { streamChannelsCall } from './call.js'

/** `deposit` of what was signed. */
export function signedDeposit(
  contract: Address,
  channel: Channel,
  amount: bigint,
  payment: SignedPayment,
): ContractCall {
  const { signature } = payment
  switch (payment.method) {
    case 'authorization': {
      const { validAfter, validBefore, salt } = payment
      const args = [channel, amount, validAfter, validBefore, salt, signature] as const
      return streamChannelsCall(contract, 'depositWithAuthorization', args)
    }
    case 'permit':
      return streamChannelsCall(contract, 'depositWithPermit', [channel, amount, payment.deadline, signature])
    case 'permit2': {
      const args = [channel, amount, payment.nonce, payment.deadline, signature] as const
      return streamChannelsCall(contract, 'depositWithPermit2', args)
    }
  }
}
