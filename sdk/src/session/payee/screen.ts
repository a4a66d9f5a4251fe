import type { PayeeRecord } from '../ports.js'
import type { Screening } from './state.js'

/** Seconds by which the payee's clock may run behind the chain's; far below the shortest grace period. */
const clockSlack = 60n

/**
 * The cheap rules a voucher must pass before its signature is worth checking.
 *
 * @param record the channel
 * @param voucher what came in
 * @param nowMs milliseconds
 */
export function screenVoucher(
  record: PayeeRecord,
  voucher: { readonly channelId: string; readonly cumulative: bigint },
  nowMs: number,
): Screening {
  const { cumulative } = voucher
  if (voucher.channelId !== record.channelId) {
    return refuse('foreign-voucher', `voucher for ${voucher.channelId}, this session is ${record.channelId}`)
  }
  if (record.closed) return refuse('channel-closed', `${record.channelId} has ended on the chain`)
  if (cumulative === record.accepted) return { verdict: 'equal' }
  if (cumulative < record.accepted) return { verdict: 'lower' }
  if (record.closeRequestedAt !== 0) {
    return refuse('close-pending', `the payer asked to close at ${record.closeRequestedAt}`)
  }
  if (record.consent !== undefined) {
    return refuse('close-pending', `the payee consented to close at ${record.consent.capturedAmount}`)
  }
  if (cumulative > record.deposited) {
    return refuse('amount-exceeds-deposit', `voucher over ${cumulative}, deposited ${record.deposited}`)
  }
  const allowed = claimableBy(record, nowMs)
  if (allowed !== undefined && cumulative > allowed) {
    return refuse('amount-exceeds-rate', `voucher over ${cumulative}, claimable by now ${allowed}`)
  }
  return { verdict: 'verify' }
}

/** What the channel's rate lets the contract pay out by now; undefined: no bound. Source: `StreamChannels.claim`. */
function claimableBy(record: PayeeRecord, nowMs: number): bigint | undefined {
  const { rate, burst } = record.channel
  if (rate === 0n) return undefined
  const open = BigInt(Math.floor(nowMs / 1000)) - BigInt(record.openedAt) + clockSlack
  return burst + rate * (open > 0n ? open : 0n)
}

function refuse(code: Extract<Screening, { verdict: 'refuse' }>['code'], details: string): Screening {
  return { verdict: 'refuse', code, details }
}
