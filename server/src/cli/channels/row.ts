import type { Address, Channel, ChannelState, Hex } from '@sluice/sdk'
import type { PayeeRecord, PayerRecord } from '@sluice/sdk/session'
import { jsonAmount, shortHex, showAmount, showMoment, type TokenInfo } from '../amounts.js'
import { layoutTable } from '../table.js'

/** A channel as this machine and the chain know it, whichever side this machine is on. */
export type ChannelRow = {
  readonly channelId: Hex
  readonly chainId: number
  readonly contract: Address
  readonly channel: Channel
  readonly token: TokenInfo
  /** The payer to a payee, the payee to a payer. */
  readonly peer: Address
  readonly status: ChannelStatus
  /** Base units, like the rest. */
  readonly deposited: bigint
  /** The highest voucher: accepted by the payee, signed by the payer. */
  readonly vouchers: bigint
  readonly spent: bigint
  readonly claimed: bigint
  /** Second from which the payer may withdraw; undefined: it has not asked to. */
  readonly withdrawableAt: number | undefined
  /** Whether the chain was asked just now. */
  readonly fresh: boolean
}

/**
 * - `unopened`: no deposit has arrived.
 * - `open`: vouchers can be claimed.
 * - `closing`: the payer asked to close and waits for the grace period.
 * - `ending`: the payee consented to close, which is on its way to the chain.
 * - `closed`: for ever.
 */
export type ChannelStatus = 'unopened' | 'open' | 'closing' | 'ending' | 'closed'

/**
 * A payee's channel.
 *
 * @param record of the store
 * @param place where it is
 * @param state of the chain; undefined when the chain was not reached
 */
export function payeeRow(
  record: PayeeRecord,
  place: { readonly chainId: number; readonly contract: Address; readonly token: TokenInfo },
  state: ChannelState | undefined,
): ChannelRow {
  const { channelId, channel } = record
  const known: ChannelState = state ?? record
  return {
    ...place,
    channelId,
    channel,
    peer: channel.payer,
    status: statusOf(known, record.consent !== undefined),
    deposited: known.deposited,
    vouchers: record.accepted,
    spent: record.spent,
    claimed: known.claimed > record.claimed ? known.claimed : record.claimed,
    withdrawableAt: deadlineOf(known, channel),
    fresh: state !== undefined,
  }
}

/**
 * A payer's channel.
 *
 * @param record of the store
 * @param spent base units
 * @param state of the chain; undefined when the chain was not reached
 */
export function payerRow(record: PayerRecord, spent: bigint, state: ChannelState | undefined): ChannelRow {
  const { channelId, channel, chainId, contract, offer } = record
  const known = state ?? {
    deposited: record.deposited,
    claimed: 0n,
    openedAt: 1,
    closeRequestedAt: 0,
    closed: record.closed,
  }
  return {
    channelId,
    channel,
    chainId,
    contract,
    token: { address: channel.token, symbol: offer.symbol, decimals: offer.decimals },
    peer: channel.payee,
    status: statusOf(known, record.closed),
    deposited: known.deposited,
    vouchers: record.signed,
    spent,
    claimed: known.claimed,
    withdrawableAt: deadlineOf(known, channel),
    fresh: state !== undefined,
  }
}

/** Base units a payee could claim now: what vouchers grant, as far as the deposit holds it, beyond what it has. */
export function claimable({ status, vouchers, deposited, claimed }: ChannelRow): bigint {
  if (status === 'closed' || status === 'unopened') return 0n
  const granted = vouchers < deposited ? vouchers : deposited
  return granted > claimed ? granted - claimed : 0n
}

/** Base units a payee gets in all when it closes now: what was delivered and paid, at least what it has. */
export function captured({ spent, vouchers, claimed }: ChannelRow): bigint {
  const earned = spent < vouchers ? spent : vouchers
  return earned > claimed ? earned : claimed
}

/** Rows as a table. */
export function layoutRows(rows: readonly ChannelRow[], side: 'payee' | 'payer'): string {
  const columns = [
    { title: 'channel' },
    { title: side === 'payee' ? 'payer' : 'payee' },
    { title: 'status' },
    { title: 'deposited', align: 'right' },
    { title: side === 'payee' ? 'accepted' : 'signed', align: 'right' },
    { title: 'spent', align: 'right' },
    { title: 'claimed', align: 'right' },
    { title: 'withdrawable' },
  ] as const
  return layoutTable(
    columns,
    rows.map((row) => [
      shortHex(row.channelId),
      shortHex(row.peer),
      row.fresh ? row.status : `${row.status}?`,
      showAmount(row.deposited, row.token),
      showAmount(row.vouchers, row.token),
      showAmount(row.spent, row.token),
      showAmount(row.claimed, row.token),
      row.withdrawableAt === undefined ? '' : showMoment(row.withdrawableAt),
    ]),
  )
}

/** A row for machines. */
export function jsonRow(row: ChannelRow): Readonly<Record<string, unknown>> {
  const { token } = row
  return {
    channelId: row.channelId,
    chainId: row.chainId,
    contract: row.contract,
    payer: row.channel.payer,
    payee: row.channel.payee,
    token: token.address,
    status: row.status,
    deposited: jsonAmount(row.deposited, token),
    vouchers: jsonAmount(row.vouchers, token),
    spent: jsonAmount(row.spent, token),
    claimed: jsonAmount(row.claimed, token),
    claimable: jsonAmount(claimable(row), token),
    withdrawableAt: row.withdrawableAt,
    fresh: row.fresh,
  }
}

/** Sums by token, for people, such as `1.5 USDC + 0.2 ETH`. */
export function showSums(amounts: readonly { readonly amount: bigint; readonly token: TokenInfo }[]): string {
  const sums = new Map<Address, { amount: bigint; token: TokenInfo }>()
  for (const { amount, token } of amounts) {
    const sum = sums.get(token.address) ?? { amount: 0n, token }
    sums.set(token.address, { token, amount: sum.amount + amount })
  }
  return [...sums.values()].map(({ amount, token }) => showAmount(amount, token)).join(' + ')
}

function statusOf(state: ChannelState, consented: boolean): ChannelStatus {
  if (state.closed) return 'closed'
  if (state.openedAt === 0) return 'unopened'
  if (state.closeRequestedAt !== 0) return 'closing'
  return consented ? 'ending' : 'open'
}

function deadlineOf(state: ChannelState, channel: Channel): number | undefined {
  return state.closeRequestedAt === 0 || state.closed ? undefined : state.closeRequestedAt + channel.grace
}
