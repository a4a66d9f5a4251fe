import { SluiceError, type Address, type Hex, type Voucher } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { isParty } from './authority.js'
import { closeData } from './calls.js'

/**
 * Calldata that closes a channel cooperatively.
 *
 * @param parameters
 * - `captured`: the payee's final total, base units
 * - `claimed`: its total so far; at or below it no voucher is needed
 * - `sender`: who submits; the payee and its operator need no signed consent
 * @throws SluiceError `invalid-argument` when somebody else submits and there is no consent to this amount
 */
export function closeCall(parameters: {
  readonly record: PayeeRecord
  readonly captured: bigint
  readonly claimed: bigint
  readonly sender: Address
  readonly normalizeVoucher: (signer: Address, voucher: Voucher) => Voucher
}): Hex {
  const { record, captured, claimed, sender, normalizeVoucher } = parameters
  const { channelId, channel, accepted } = record
  const voucherSignature =
    captured <= claimed
      ? '0x'
      : normalizeVoucher(channel.signer, {
          channelId,
          cumulativeAmount: accepted,
          signature: record.signature,
        }).signature
  return closeData({
    channel,
    cumulativeAmount: accepted,
    capturedAmount: captured,
    voucherSignature,
    payeeSignature: consentFor(record, captured, sender),
  })
}

function consentFor({ channel, channelId, consent }: PayeeRecord, captured: bigint, sender: Address): Hex {
  if (isParty(channel, sender)) return '0x'
  if (consent?.capturedAmount === captured) return consent.payeeSignature
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'This key may not close the channel.',
    details: `${sender} is neither payee nor operator of ${channelId}, and there is no consent to capture ${captured}`,
  })
}
