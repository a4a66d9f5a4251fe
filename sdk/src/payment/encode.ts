import { concatHex, numberToHex } from 'viem'
import type { Hex } from '../types.js'
import type { SignedPayment } from './signedPayment.js'

/**
 * A payment as the `bytes payment` of `Escrow`, `Tournaments` and `Subscriptions`; nothing stands for the sender's
 * allowance or the native coin. Source: `contracts/libraries/Payments.sol`.
 *
 * @param payment what was signed
 */
export function encodePayment(payment: SignedPayment | undefined): Hex {
  switch (payment?.method) {
    case undefined:
      return '0x'
    case 'permit':
      return concatHex(['0x01', word(payment.deadline), payment.signature])
    case 'authorization': {
      const { from, validAfter, validBefore, salt, signature } = payment
      return concatHex(['0x02', from, word(validAfter), word(validBefore), salt, signature])
    }
    case 'permit2': {
      const { from, nonce, deadline, signature } = payment
      return concatHex(['0x03', from, word(nonce), word(deadline), signature])
    }
  }
}

function word(value: bigint): Hex {
  return numberToHex(value, { size: 32 })
}
