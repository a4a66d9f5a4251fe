import type { Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'

/** A voucher as the payee holds it. */
export type HeldVoucher = {
  /** What it grants in all, base units. */
  readonly amount: bigint
  readonly signature: Hex
}

/** What a record says of its vouchers. */
export type VoucherFacts = Pick<PayeeRecord, 'channelId' | 'accepted' | 'signature' | 'spent'>

/**
 * The last vouchers of each channel, in memory. A voucher runs one window ahead of what is delivered and is claimed
 * whole or not at all, so what may be claimed while a stream runs is an earlier one.
 */
export type EarnedVouchers = {
  /** Takes in a voucher that is durable, and forgets those that can never be the answer again. */
  readonly remember: (record: VoucherFacts) => void
  /** The highest voucher known that grants no more than was spent; undefined: none is known. */
  readonly highest: (record: VoucherFacts) => HeldVoucher | undefined
  readonly forget: (channelId: Hex) => void
}

/** Vouchers kept of a channel; one a second fills a window of ten seconds with eleven. */
const defaultLimit = 16

/**
 * Makes an empty memory.
 *
 * @param limit vouchers kept of a channel, at least two. Where there are more, they are thinned out where they are
 * closest, so that a flood of vouchers does not push out the ones that delivery reaches next
 */
export function createEarnedVouchers(limit = defaultLimit): EarnedVouchers {
  /** By channel, amounts rising. */
  const held = new Map<Hex, readonly HeldVoucher[]>()

  return {
    remember({ channelId, accepted, signature, spent }) {
      const before = held.get(channelId) ?? []
      const last = before.at(-1)
      if (accepted === 0n || (last !== undefined && last.amount >= accepted)) return
      const reached = before.findLastIndex(({ amount }) => amount <= spent)
      const kept = [...before.slice(Math.max(0, reached)), { amount: accepted, signature }]
      held.set(channelId, kept.length > limit ? thinned(kept) : kept)
    },
    highest({ channelId, accepted, signature, spent }) {
      if (accepted === 0n) return undefined
      if (accepted <= spent) return { amount: accepted, signature }
      return held.get(channelId)?.findLast(({ amount }) => amount <= spent)
    },
    forget: (channelId) => void held.delete(channelId),
  }
}

/** Without the voucher whose neighbours are closest to each other; the first and the last stay. */
function thinned(vouchers: readonly HeldVoucher[]): readonly HeldVoucher[] {
  const gap = (index: number): bigint =>
    (vouchers[index + 1]?.amount ?? 0n) - (vouchers[index - 1]?.amount ?? 0n)
  let densest = 1
  for (let index = 2; index < vouchers.length - 1; index += 1) if (gap(index) < gap(densest)) densest = index
  return vouchers.filter((_, index) => index !== densest)
}
