import { SluiceError, zeroAddress, type Address, type Channel } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'

/** Whether the contract lets an account end a channel without anybody's signature: its payee and its operator. */
export function isParty({ payee, operator }: Pick<Channel, 'payee' | 'operator'>, account: Address): boolean {
  return isSame(account, payee) || (operator !== zeroAddress && isSame(account, operator))
}

/** Whether an account can bring the end of a channel to the chain, be it by a consent that is signed already. */
export function mayClose(
  { channel, consent }: Pick<PayeeRecord, 'channel' | 'consent'>,
  account: Address,
): boolean {
  return consent !== undefined || isParty(channel, account)
}

/** Channels that hold money for the payee and that an account cannot end, so that it could not settle them fairly. */
export function beyondAuthority(records: readonly PayeeRecord[], account: Address): readonly PayeeRecord[] {
  return records.filter(
    (record) => !record.closed && record.accepted > record.claimed && !mayClose(record, account),
  )
}

/** Who may end a channel, where that is one: its operator, or the payee where it names none. */
export function closerOf({ payee, operator }: Pick<Channel, 'payee' | 'operator'>): Address {
  return operator === zeroAddress ? payee : operator
}

/**
 * Refuses a key that could not end channels there is money on: without it they cannot be settled fairly when a payer
 * asks for its deposit, and receipts for them would have the wrong signature.
 *
 * @param records what the store holds
 * @param account of the settler
 * @throws SluiceError `invalid-argument`, naming the key and the one that is needed
 */
export function requireAuthority(records: readonly PayeeRecord[], account: Address): void {
  const beyond = beyondAuthority(records, account)
  const [first] = beyond
  if (first === undefined) return
  const wanted = closerOf(first.channel)
  throw new SluiceError({
    code: 'invalid-argument',
    message: `This key may not end ${beyond.length} channels of the store. Use the key of ${wanted}, or a new store.`,
    details: `the key is that of ${account.toLowerCase()}, channel ${first.channelId} expects that of ${wanted}`,
  })
}

function isSame(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
