import { formatAmount, type FinalReceipt } from '@sluice/sdk'
import type { PayerRecord } from '@sluice/sdk/session'

/** A receipt as JSON: every amount in base units as text, with both signatures. */
export function receiptJson(final: FinalReceipt, record: PayerRecord): string {
  const { chainId, contract, channel, units, tipped, deposited } = record
  const whole = { chainId, contract, channel, deposited, units, tipped, ...final }
  return JSON.stringify(
    whole,
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  )
}

/** A receipt as one row of a table, for bookkeeping: amounts in whole tokens. */
export function receiptCsv(final: FinalReceipt, record: PayerRecord): string {
  const { offer, units, tipped, chainId, channel } = record
  const amount = (value: bigint): string => formatAmount(value, offer.decimals)
  const columns = {
    channel: final.channelId,
    chain: String(chainId),
    payee: channel.payee,
    title: `"${offer.title.replaceAll('"', '""')}"`,
    token: `"${offer.symbol.replaceAll('"', '""')}"`,
    paid: amount(final.captured),
    tips: amount(tipped),
    returned: amount(final.refunded),
    unit: offer.unit,
    meteringUnits: units.toString(),
    price: `${amount(offer.price)}/${offer.per.toString()}`,
    transaction: final.transaction,
  }
  return `${Object.keys(columns).join(',')}\n${Object.values(columns).join(',')}\n`
}
