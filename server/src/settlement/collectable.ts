import type { Channel } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import type { PlannedChannel, Skip } from './planned.js'

/** A channel whose unsettled money the contract would pay out now. */
export type Collectable = {
  readonly record: PayeeRecord
  /** By a claim, or by the close that the payee consented to. */
  readonly by: 'claim' | 'close'
  /** The payee's new total, base units. */
  readonly total: bigint
  /** What that adds, base units; above zero. */
  readonly unsettled: bigint
  /** Whether the payer has asked to close. */
  readonly isClosing: boolean
  readonly settledAt: number
}

/**
 * What the contract would pay out of a channel at a block's time.
 *
 * A voucher is paid whole or not at all, so one above the deposit or the rate bound waits. What the payee consented to
 * close at bounds what it takes: a claim of the whole voucher would take more than it agreed to.
 *
 * @param blockSeconds second of the newest block
 * @returns `item`, or `skip` when something is unsettled and cannot go out, or neither
 */
export function collectable(
  channel: PlannedChannel,
  blockSeconds: number,
): { readonly item: Collectable } | { readonly skip: Skip | undefined } {
  const { record, state, claiming, closing, refused } = channel
  const total = record.consent?.capturedAmount ?? record.accepted
  if (state.closed || state.openedAt === 0 || total <= state.claimed) return { skip: undefined }
  const skip = (reason: Skip['reason'], atSeconds?: number) => ({
    skip: { channelId: record.channelId, reason, amount: total - state.claimed, atSeconds },
  })
  if (closing || claiming >= total) return skip('in-flight')
  // A close right behind a claim would revert if the claim took more; it waits its turn.
  if (record.consent !== undefined && claiming > state.claimed) return skip('in-flight')
  if (refused) return skip('refused')
  if (total > state.deposited) return skip('above-deposit')
  const atSeconds = claimBound(record.channel, state.openedAt, total)
  if (atSeconds === undefined || atSeconds > blockSeconds) return skip('above-rate', atSeconds)
  return {
    item: {
      record,
      by: record.consent === undefined ? 'claim' : 'close',
      total,
      unsettled: total - (claiming > state.claimed ? claiming : state.claimed),
      isClosing: state.closeRequestedAt !== 0,
      settledAt: channel.settledAt,
    },
  }
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
