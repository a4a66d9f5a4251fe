import type { Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { intent, method } from './challenge.js'
import { toBase64Url } from './encoding.js'

/** What a client is told about its payment, in the words of the `Payment` scheme. Amounts are decimal strings. */
export type PaymentReceipt = {
  readonly method: typeof method
  readonly intent: typeof intent
  readonly status: 'success'
  readonly timestamp: string
  /** The channel: stable for the whole session. */
  readonly reference: Hex
  readonly challengeId: string
  readonly channelId: Hex
  readonly chainId: number
  readonly acceptedCumulative: string
  readonly spent: string
  readonly remaining: string
  /** Metering units of this answer. */
  readonly units?: number
  /** The payee's signature over `Close(channelId, spent)`, once it consented to close. */
  readonly closeSignature?: Hex
  readonly settlementRef?: Hex
  readonly txHash?: Hex
  readonly final?: true
}

/**
 * A receipt for where a channel stands.
 *
 * @param record of the channel
 * @param about the challenge, chain, time in milliseconds, and what was delivered
 */
export function receiptOf(
  record: PayeeRecord,
  about: {
    readonly challengeId: string
    readonly chainId: number
    readonly nowMs: number
    readonly units?: bigint
  },
): PaymentReceipt {
  const { channelId, accepted, spent } = record
  return {
    method,
    intent,
    status: 'success',
    timestamp: new Date(about.nowMs).toISOString(),
    reference: channelId,
    challengeId: about.challengeId,
    channelId,
    chainId: about.chainId,
    acceptedCumulative: accepted.toString(),
    spent: spent.toString(),
    remaining: (accepted > spent ? accepted - spent : 0n).toString(),
    ...(about.units === undefined ? {} : { units: Number(about.units) }),
  }
}

/** A receipt as the value of `Payment-Receipt`. */
export function encodeReceipt(receipt: PaymentReceipt): string {
  return toBase64Url(JSON.stringify(receipt))
}
