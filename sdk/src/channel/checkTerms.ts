import { isAddress } from 'viem'
import { SluiceError } from '../errors.js'
import { zeroAddress, type Channel } from '../types.js'
import { maximumAmount, maximumGrace, minimumGrace } from './limits.js'

/**
 * Refuses terms that the contract would refuse, so that nobody pays gas to learn it.
 *
 * @param channel the terms
 * @throws SluiceError `invalid-argument` naming the field, what was found and what was expected
 */
export function checkTerms(channel: Channel): void {
  const { payer, payee, operator, token, signer, grace, rate, burst, salt } = channel
  for (const [name, address] of Object.entries({ payer, payee, operator, token, signer })) {
    if (!isAddress(address, { strict: false })) throw badTerm(name, address, 'an address')
  }
  for (const [name, address] of Object.entries({ payer, payee, signer })) {
    if (address === zeroAddress) throw badTerm(name, address, 'an address other than zero')
  }
  if (!Number.isInteger(grace) || grace < minimumGrace || grace > maximumGrace) {
    throw badTerm('grace', grace, `${minimumGrace} to ${maximumGrace} seconds`)
  }
  for (const [name, amount] of Object.entries({ rate, burst })) {
    if (amount < 0n || amount > maximumAmount) throw badTerm(name, amount, `0 to ${maximumAmount}`)
  }
  if (!/^0x[0-9a-f]{64}$/i.test(salt)) throw badTerm('salt', salt, '32 bytes')
}

/**
 * Refuses an amount that no channel can hold.
 *
 * @param amount base units
 * @throws SluiceError `invalid-argument` with both numbers
 */
export function checkAmount(amount: bigint): void {
  if (amount > 0n && amount <= maximumAmount) return
  throw new SluiceError({
    code: 'invalid-argument',
    message: amount > 0n ? 'The amount is more than a channel can hold.' : 'The amount to deposit is zero.',
    details: `amount ${amount}, expected 1 to ${maximumAmount}`,
  })
}

function badTerm(name: string, found: unknown, expected: string): SluiceError {
  return new SluiceError({
    code: 'invalid-argument',
    message: 'The terms of this channel cannot be used.',
    details: `${name}: found ${String(found)}, expected ${expected}`,
  })
}
