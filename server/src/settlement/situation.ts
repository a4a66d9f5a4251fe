import type { Address, ChannelState, Hex } from '@sluice/sdk'
import type { PayeeRecord, PayeeStore } from '@sluice/sdk/session'
import { chainStateOf } from '../chain/record.js'
import { mayClose } from './authority.js'
import type { EarnedVouchers } from './earned.js'
import type { Outbox, OutboxEntry } from './outbox.js'
import type { PlannedChannel } from './planned.js'
import type { SettlementPolicy } from './policy.js'

/** Everything a plan is made of, gathered at one moment. */
export type Situation = {
  readonly channels: readonly PlannedChannel[]
  /** Transactions that are not final. */
  readonly underWay: readonly OutboxEntry[]
}

/**
 * Gathers channels, what the chain last said of them and what is under way.
 *
 * @param parameters
 * - `account`: who submits
 * - `states`: what the chain says where that may be ahead of the stored records
 * - `only`: look at these channels alone; undefined: at all that are not closed
 */
export async function situationOf(parameters: {
  readonly account: Address
  readonly store: Pick<PayeeStore, 'list' | 'load'>
  readonly outbox: Outbox
  readonly states: ReadonlyMap<Hex, ChannelState>
  readonly only: ReadonlySet<Hex> | undefined
  readonly isRefused: (channelId: Hex) => boolean
  readonly isCloseRefused: (channelId: Hex) => boolean
  readonly isDelayed: (channelId: Hex) => boolean
  readonly earned: Pick<EarnedVouchers, 'highest'>
  readonly nowMs: number
  readonly policy: SettlementPolicy
}): Promise<Situation> {
  const { store, outbox, states, only, earned, nowMs, policy } = parameters
  const [records, underWay, finished] = await Promise.all([
    only === undefined ? store.list() : loadAll(store, [...only]),
    outbox.open(),
    outbox.finished(nowMs - policy.maxAgeSeconds * 1000),
  ])
  const claiming = new Map<Hex, bigint>()
  const closing = new Set<Hex>()
  const closeFailed = new Set<Hex>()
  for (const { purpose, inclusion } of underWay) {
    for (const { channelId, amount } of purpose.channels) {
      // A close that failed in a block is not waited for: with a deadline, each block counts.
      if (purpose.kind === 'close') (inclusion?.success === false ? closeFailed : closing).add(channelId)
      else if (amount > (claiming.get(channelId) ?? 0n)) claiming.set(channelId, amount)
    }
  }
  const settledAt = new Map<Hex, number>()
  for (const { purpose, status, updatedAtMs } of finished) {
    // It passed its simulation and failed on the chain: once more would cost its gas once more.
    if (status === 'reverted' && purpose.kind === 'close')
      for (const { channelId } of purpose.channels) closeFailed.add(channelId)
    if (status !== 'confirmed') continue
    for (const { channelId } of purpose.channels) settledAt.set(channelId, Math.floor(updatedAtMs / 1000))
  }
  return {
    channels: records.map((record) => {
      const state = states.get(record.channelId) ?? chainStateOf(record)
      return {
        record,
        state,
        claiming: claiming.get(record.channelId) ?? 0n,
        closing: closing.has(record.channelId),
        settledAt: settledAt.get(record.channelId) ?? state.openedAt,
        refused: parameters.isRefused(record.channelId),
        closeRefused: closeFailed.has(record.channelId) || parameters.isCloseRefused(record.channelId),
        mayClose: mayClose(record, parameters.account),
        delayed: parameters.isDelayed(record.channelId),
        earned: earned.highest(record),
      }
    }),
    underWay,
  }
}

async function loadAll(store: Pick<PayeeStore, 'load'>, channelIds: readonly Hex[]): Promise<PayeeRecord[]> {
  const records = await Promise.all(channelIds.map((channelId) => store.load(channelId)))
  return records.filter((record) => record !== undefined)
}
