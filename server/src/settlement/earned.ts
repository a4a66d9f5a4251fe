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
  /** Changed in place: this runs for every voucher of every session. */
  const held = new Map<Hex, Held>()

  return {
    remember({ channelId, accepted, signature, spent }) {
      if (accepted === 0n) return
      let vouchers = held.get(channelId)
      if (vouchers === undefined) {
        vouchers = { amounts: [], signatures: Buffer.alloc((limit + 1) * place), longer: undefined }
        held.set(channelId, vouchers)
      }
      const { amounts } = vouchers
      const last = amounts.at(-1)
      if (last !== undefined && last >= accepted) return
      const reached = amounts.findLastIndex((amount) => amount <= spent)
      if (reached > 0) drop(vouchers, 0, reached)
      add(vouchers, accepted, signature)
      if (amounts.length > limit) drop(vouchers, densest(amounts), 1)
    },
    highest({ channelId, accepted, signature, spent }) {
      if (accepted === 0n) return undefined
      if (accepted <= spent) return { amount: accepted, signature }
      const vouchers = held.get(channelId)
      const index = vouchers?.amounts.findLastIndex((amount) => amount <= spent) ?? -1
      return vouchers && read(vouchers, index)
    },
    forget: (channelId) => void held.delete(channelId),
  }
}

/**
 * Vouchers of a channel, amounts rising. Signatures of secp256k1 lie in memory outside of the heap, a place each, behind
 * their length: as texts they would be most of what the garbage collector of a large payee goes through.
 */
type Held = {
  readonly amounts: bigint[]
  readonly signatures: Buffer
  /** Longer signatures, by amount; the length in their place is zero. */
  longer: Map<bigint, Hex> | undefined
}

/** Bytes of a place: a length, and `r‖vs` or `r‖s‖v`. */
const place = 66

function add(held: Held, amount: bigint, signature: Hex): void {
  const at = (held.amounts.push(amount) - 1) * place
  const length = signature.length / 2 - 1
  const fits = length < place
  held.signatures[at] = fits ? length : 0
  if (fits) held.signatures.write(signature.slice(2), at + 1, 'hex')
  else (held.longer ??= new Map()).set(amount, signature)
}

function read({ amounts, signatures, longer }: Held, index: number): HeldVoucher | undefined {
  const amount = amounts[index]
  if (amount === undefined) return undefined
  const at = index * place
  const bytes = signatures.subarray(at + 1, at + 1 + (signatures[at] ?? 0))
  return { amount, signature: longer?.get(amount) ?? `0x${bytes.toString('hex')}` }
}

function drop(held: Held, index: number, count: number): void {
  for (const amount of held.amounts.splice(index, count)) held.longer?.delete(amount)
  held.signatures.copyWithin(index * place, (index + count) * place)
}

/** Which amount has the closest neighbours; the first and the last stay. */
function densest(amounts: readonly bigint[]): number {
  const gap = (index: number): number => Number(amounts[index + 1] ?? 0n) - Number(amounts[index - 1] ?? 0n)
  let found = 1
  for (let index = 2; index < amounts.length - 1; index += 1) if (gap(index) < gap(found)) found = index
  return found
}
