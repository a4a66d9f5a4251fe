import { SluiceError } from '../../errors.js'
import { zeroAddress, type Channel, type ChannelState } from '../../types.js'
import type { Offer } from '../messages.js'
import { costOf } from '../price.js'
import { termsOf } from '../terms.js'

/** An offer without what each connection adds. */
export type StandingOffer = Omit<Offer, 'type' | 'challenge'>

/**
 * Refuses a channel whose terms do not let this offer be paid.
 *
 * @param offer what the payee sells
 * @param channel what the payer wants to pay with
 * @throws SluiceError `terms-refused` or `wrong-token`, naming the term, what was found and what is needed
 */
export function checkTerms(offer: StandingOffer, channel: Channel): void {
  if (!same(channel.token, offer.token)) {
    throw new SluiceError({
      code: 'wrong-token',
      message: `This stream is paid in ${offer.symbol}.`,
      details: `channel token ${channel.token}, expected ${offer.token}`,
    })
  }
  requireTerm('payee', channel.payee, offer.payee)
  requireTerm('operator', channel.operator, offer.operator)
  if (channel.signer === zeroAddress) refuse('signer', channel.signer, 'not zero')
  if (channel.grace < offer.grace) refuse('grace', channel.grace, `at least ${offer.grace} seconds`)
  if (channel.rate === 0n) return
  const { price, windowAmount, creditAmount } = termsOf(offer)
  const perSecond = price.unit === 'second' ? costOf(price, 1000n) : 0n
  if (channel.rate < perSecond) refuse('rate', channel.rate, `0 or at least ${perSecond}`)
  const burst = windowAmount + creditAmount
  if (channel.burst < burst) refuse('burst', channel.burst, `at least ${burst}`)
}

/**
 * Refuses a channel that cannot be served in its state on the chain.
 *
 * @param channelId for the message
 * @param state of the channel, at the confirmations the payee asks for
 * @param offer what the payee sells
 * @throws SluiceError `channel-closed`, `close-pending`, or `channel-not-open`, which may pass
 */
export function checkState(channelId: string, state: ChannelState, offer: StandingOffer): void {
  if (state.closed) {
    throw new SluiceError({
      code: 'channel-closed',
      message: 'This channel has ended.',
      details: `channel ${channelId} is closed on the chain`,
    })
  }
  if (state.openedAt === 0) {
    throw new SluiceError({
      code: 'channel-not-open',
      message: 'The deposit is not confirmed yet.',
      details: `channel ${channelId} has no deposit ${offer.confirmations} block(s) deep on chain ${offer.chainId}`,
      action: 'wait',
      retryable: true,
    })
  }
  if (state.closeRequestedAt !== 0) {
    throw new SluiceError({
      code: 'close-pending',
      message: 'This channel is being closed.',
      details: `the payer asked to close channel ${channelId} at ${state.closeRequestedAt}`,
    })
  }
}

function requireTerm(name: string, found: string, expected: string): void {
  if (!same(found, expected)) refuse(name, found, expected)
}

function refuse(name: string, found: unknown, expected: string): never {
  throw new SluiceError({
    code: 'terms-refused',
    message: 'The payee does not accept these terms.',
    details: `${name}: ${String(found)}, expected ${expected}`,
  })
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
