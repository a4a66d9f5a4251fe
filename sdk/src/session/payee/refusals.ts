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

/** Nothing but `open` and `resume` may come before one of them. */
export function notJoined(type: string): SluiceError {
  return new SluiceError({
    code: 'unknown-channel',
    message: 'Open or resume a channel first.',
    details: `message ${type} before open or resume`,
  })
}

/** A message only payees send. */
export function notForPayees(type: string): SluiceError {
  return new SluiceError({
    code: 'unexpected-message',
    message: 'A payer does not say this.',
    details: `message ${type}`,
  })
}

/** This payee holds no record of the channel: `open` brings its terms, `resume` does not. */
export function unknownChannel(channelId: Hex): SluiceError {
  return new SluiceError({
    code: 'unknown-channel',
    message: 'This payee does not know the channel.',
    details: `channel ${channelId}; say open with its terms`,
    action: 'resync',
  })
}

/** More frames than the limit allows. */
export function tooManyFrames(framesPerSecond: number): SluiceError {
  return new SluiceError({
    code: 'rate-limited',
    message: 'Too many messages.',
    details: `at most ${framesPerSecond} frames a second`,
    retryable: true,
  })
}
