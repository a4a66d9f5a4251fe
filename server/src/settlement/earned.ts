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
  /** By channel, amounts rising. Changed in place: this runs for every voucher of every session. */
  const held = new Map<Hex, HeldVoucher[]>()

  return {
    remember({ channelId, accepted, signature, spent }) {
      const vouchers = held.get(channelId)
      if (accepted === 0n) return
      if (vouchers === undefined) {
        held.set(channelId, [{ amount: accepted, signature }])
        return
      }
      const last = vouchers.at(-1)
      if (last !== undefined && last.amount >= accepted) return
      const reached = vouchers.findLastIndex(({ amount }) => amount <= spent)
      if (reached > 0) vouchers.splice(0, reached)
      vouchers.push({ amount: accepted, signature })
      if (vouchers.length > limit) vouchers.splice(densest(vouchers), 1)
    },
    highest({ channelId, accepted, signature, spent }) {
      if (accepted === 0n) return undefined
      if (accepted <= spent) return { amount: accepted, signature }
      return held.get(channelId)?.findLast(({ amount }) => amount <= spent)
    },
    forget: (channelId) => void held.delete(channelId),
  }
}

/** Which voucher has the closest neighbours; the first and the last stay. */
function densest(vouchers: readonly HeldVoucher[]): number {
  const amounts = vouchers.map(({ amount }) => Number(amount))
  const gap = (index: number): number => (amounts[index + 1] ?? 0) - (amounts[index - 1] ?? 0)
  let found = 1
  for (let index = 2; index < vouchers.length - 1; index += 1) if (gap(index) < gap(found)) found = index
  return found
}
