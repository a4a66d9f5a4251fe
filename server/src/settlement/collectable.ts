import type { Channel, Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import type { PlannedChannel, Skip } from './planned.js'

/** One way to bring a channel's money home. */
export type Way =
  | {
      readonly by: 'claim'
      /** The payee's new total, base units: what the voucher grants. */
      readonly total: bigint
      readonly signature: Hex
      /** `earned`: it grants no more than was spent. `accepted`: it is the highest held, and grants more. */
      readonly voucher: 'earned' | 'accepted'
    }
  | { readonly by: 'close'; readonly total: bigint }

/** A channel whose unsettled money the contract would pay out now. */
export type Collectable = {
  readonly record: PayeeRecord
  readonly way: Way
  /** What it adds, base units; above zero. */
  readonly unsettled: bigint
  /** Whether the payer has asked to close. */
  readonly isClosing: boolean
  readonly settledAt: number
}

/**
 * What the contract would pay out of a channel at a block's time.
 *
 * A voucher is paid whole or not at all, so one above the deposit or the rate bound waits.
 *
 * @param parameters
 * - `blockSeconds`: second of the newest block
 * - `mayTakeAhead`: whether the operator asked for this channel, by the highest voucher where no earned one is known
 * @returns `item`, or `skip` when something is unsettled and cannot go out, or neither
 */
export function collectable(
  channel: PlannedChannel,
  { blockSeconds, mayTakeAhead }: { readonly blockSeconds: number; readonly mayTakeAhead: boolean },
): { readonly item: Collectable } | { readonly skip: Skip | undefined } {
  const { record, state, claiming, closing, refused } = channel
  const held = record.consent?.capturedAmount ?? record.accepted
  if (state.closed || state.openedAt === 0 || held <= state.claimed) return { skip: undefined }
  const skip = (reason: Skip['reason'], atSeconds?: number) => ({
    skip: { channelId: record.channelId, reason, amount: held - state.claimed, atSeconds },
  })
  const ways = waysOf(channel, mayTakeAhead).filter(({ total }) => total > state.claimed)
  const [first] = ways
  if (closing || (first !== undefined && claiming >= first.total)) return skip('in-flight')
  if (refused) return skip('refused')
  const isClosing = state.closeRequestedAt !== 0
  // With a deadline it is tried at every look.
  if (channel.delayed && !isClosing) return skip('interrupted')
  if (first === undefined) return skip(whyNone(channel))
  const safe = claiming > state.claimed ? claiming : state.claimed
  // Without a deadline a close waits for the claim before it and captures what that left. With one it must not wait:
  // a claim that is stuck would hold it up, and the contract takes them in either order.
  if (first.by === 'close' && !isClosing && claiming > state.claimed) return skip('in-flight')
  const boundOf = ({ total }: Way): number | undefined => claimBound(record.channel, state.openedAt, total)
  const way = ways.find(
    (each) =>
      each.total > safe &&
      each.total <= state.deposited &&
      (boundOf(each) ?? Number.POSITIVE_INFINITY) <= blockSeconds,
  )
  if (way === undefined) {
    return first.total > state.deposited ? skip('above-deposit') : skip('above-rate', boundOf(first))
  }
  return {
    item: { record, way, unsettled: way.total - safe, isClosing, settledAt: channel.settledAt },
  }
}

function whyNone({ record, state, closeRefused, mayClose }: PlannedChannel): Skip['reason'] {
  const isEnding = record.consent !== undefined || state.closeRequestedAt !== 0
  if (isEnding && !mayClose) return 'wrong-key'
  return record.consent !== undefined && closeRefused ? 'refused' : 'unearned'
}

/**
 * The ways that are fair now, the best first.
 *
 * `accepted` runs ahead of `spent`, and a claim cannot be given back: it takes an earlier voucher, one that was earned.
 * Ending the channel takes exactly what was spent and refunds the rest. Only a payer that wants its money back and makes
 * the chain refuse that end has the highest voucher claimed, for then nothing else is left. That the settler's own key may
 * not end the channel is no fault of the payer's: then no more is taken than was earned.
 */
function waysOf(
  { record, state, earned, closeRefused, mayClose }: PlannedChannel,
  mayTakeAhead: boolean,
): readonly Way[] {
  const { accepted, spent, consent, signature } = record
  const isClosing = state.closeRequestedAt !== 0
  const due = consent?.capturedAmount ?? (spent < accepted ? spent : accepted)
  const part: readonly Way[] =
    earned === undefined
      ? []
      : [{ by: 'claim', total: earned.amount, signature: earned.signature, voucher: 'earned' }]
  const whole: Way = {
    by: 'claim',
    total: accepted,
    signature,
    voucher: accepted <= spent ? 'earned' : 'accepted',
  }
  // Whoever has been paid all that is due takes nothing that was only paid ahead.
  if (isClosing && closeRefused && mayClose) return due > state.claimed ? [whole, ...part] : []
  if (!closeRefused && consent !== undefined) return [{ by: 'close', total: due }]
  if (isClosing && accepted > spent && mayClose) return [{ by: 'close', total: due }, ...part]
  if (accepted <= spent) return [whole]
  return part.length === 0 && mayTakeAhead ? [whole] : part
}

/**
 * The first second at which the channel's rate lets a total be claimed: `burst + rate * (second - openedAt)` reaches
 * it. Source: `StreamChannels._requireCovered`.
 *
 * @param channel the terms
 * @param openedAt second of the first deposit
 * @param total base units
 * @returns undefined when no time a contract can know is late enough
 */
export function claimBound(
  channel: Pick<Channel, 'rate' | 'burst'>,
  openedAt: number,
  total: bigint,
): number | undefined {
  if (channel.rate === 0n || total <= channel.burst) return openedAt
  const seconds = (total - channel.burst + channel.rate - 1n) / channel.rate
  const at = BigInt(openedAt) + seconds
  return at > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(at)
}
