import type { Address, ChannelState, Hex } from '@sluice/sdk'
import type { Clock, PayeeStore } from '@sluice/sdk/session'
import type { ChainReader } from '../chain/reader.js'
import { createDelays, type Delays } from './delays.js'
import type { EarnedVouchers } from './earned.js'
import type { SettlerListener } from './events.js'
import type { Outbox } from './outbox.js'
import { planSettlement, type Asked, type Plan } from './plan.js'
import type { SettlementPolicy } from './policy.js'
import { createRefusals, type Refusals } from './refusals.js'
import type { Sender } from './sender.js'
import { situationOf, type Situation } from './situation.js'
import { endangeredOf, riskOf, statusOf, type SettlerStatus } from './status.js'

export type OutlookParameters = {
  /** The settler's account. */
  readonly account: Address
  readonly store: Pick<PayeeStore, 'list' | 'load'>
  readonly outbox: Outbox
  readonly chain: Pick<ChainReader, 'head'>
  readonly sender: Pick<Sender, 'gasPrice'>
  readonly earned: EarnedVouchers
  readonly clock: Clock
  readonly policy: SettlementPolicy
  readonly emit: SettlerListener
}

/** Which channels to plan, and by what. */
export type Look = {
  readonly asked: Asked
  /** Plans these channels alone, by these states. */
  readonly fresh?: ReadonlyMap<Hex, ChannelState>
  /** Channels that the chain has just refused to end. */
  readonly justRefused?: ReadonlySet<Hex>
}

/** What a settler knows between its looks, and what follows from it. */
export type Outlook = {
  readonly plan: (look: Look) => Promise<Plan>
  /** Channels that cannot wait for what is under way to become cheaper. */
  readonly endangered: () => Promise<ReadonlySet<Hex>>
  readonly refusedClaims: Refusals
  readonly refusedCloses: Refusals
  readonly delays: Delays
  /** Tries a channel again at once, whatever became of it before. */
  readonly forgive: (channelId: Hex) => void
  /**
   * Takes in what the watcher saw.
   *
   * @returns whether the payer has newly asked to close
   */
  readonly noteState: (channelId: Hex, state: ChannelState) => boolean
  /** As of the last plan of all channels. */
  readonly status: () => Omit<SettlerStatus, 'problem'>
}

/** Makes the outlook of one settler. */
export function createOutlook(parameters: OutlookParameters): Outlook {
  const { account, store, outbox, chain, sender, earned, clock, policy, emit } = parameters
  /** What the watcher said last, which may be ahead of the stored records. */
  const noted = new Map<Hex, ChannelState>()
  const refusedClaims = createRefusals(clock.now)
  const refusedCloses = createRefusals(clock.now)
  const delays = createDelays({
    now: clock.now,
    firstMs: policy.everyMs,
    longestMs: policy.retryRefusedAfterMs,
  })
  let status = statusOf(undefined, [])

  function situation(
    states: ReadonlyMap<Hex, ChannelState>,
    only: ReadonlySet<Hex> | undefined,
    justRefused: ReadonlySet<Hex> = new Set(),
  ): Promise<Situation> {
    return situationOf({
      account,
      store,
      outbox,
      states,
      only,
      isRefused: refusedClaims.has,
      isCloseRefused: (channelId) => justRefused.has(channelId) || refusedCloses.has(channelId),
      isDelayed: delays.has,
      earned,
      nowMs: clock.now(),
      policy,
    })
  }

  async function plan({ asked, fresh, justRefused }: Look): Promise<Plan> {
    const only = fresh === undefined ? undefined : new Set(fresh.keys())
    const found = await situation(fresh ?? noted, only, justRefused)
    const head = await chain.head()
    const gasPrice = await sender.gasPrice(head)
    const { channels } = found
    const plan = planSettlement({ channels, blockSeconds: head.timestamp, gasPrice, policy, asked })
    if (fresh === undefined) {
      // After a restart the stored voucher is the only one known; delivery will reach it.
      for (const { record } of channels) earned.remember(record)
      const open = new Set(channels.map(({ record }) => record.channelId))
      for (const channelId of noted.keys()) if (!open.has(channelId)) noted.delete(channelId)
      status = statusOf(found, plan.skipped)
      for (const event of riskOf(found, head.timestamp, policy)) emit(event)
    }
    return plan
  }

  function forgive(channelId: Hex): void {
    refusedClaims.delete(channelId)
    refusedCloses.delete(channelId)
    delays.delete(channelId)
  }

  return {
    plan,
    async endangered() {
      const underWay = (await outbox.open()).flatMap(({ purpose }) => purpose.channels)
      const only = new Set(underWay.map(({ channelId }) => channelId))
      return endangeredOf((await situation(noted, only)).channels, policy)
    },
    refusedClaims,
    refusedCloses,
    delays,
    forgive,
    noteState(channelId, state) {
      if (state.closed) earned.forget(channelId)
      const isNewRequest =
        state.closeRequestedAt !== 0 && noted.get(channelId)?.closeRequestedAt !== state.closeRequestedAt
      noted.set(channelId, state)
      if (!isNewRequest || state.closed) return false
      forgive(channelId)
      return true
    },
    status: () => ({ ...status, refused: [...refusedClaims.list(), ...refusedCloses.list()] }),
  }
}
