import { SluiceError } from '../../errors.js'
import type { Address, Hex } from '../../types.js'

/** A connection speaks for one channel for as long as it stands. */
export function takenConnection(held: Hex, asked: Hex): SluiceError {
  return new SluiceError({
    code: 'unexpected-message',
    message: 'This connection speaks for another channel already.',
    details: `connection of ${held}, asked for ${asked}`,
  })
}

/** Whoever speaks for a channel signs the challenge with its session key. */
export function unproven(challenge: Hex, signer: Address): SluiceError {
  return new SluiceError({
    code: 'invalid-signature',
    message: 'This connection does not speak for the channel.',
    details: `the challenge ${challenge} is not signed by ${signer}`,
  })
}
