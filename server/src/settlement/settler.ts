import type { Client, LocalAccount } from 'viem'
import type { Address, ChannelState, Deployment, Hex, Voucher } from '@sluice/sdk'
import type { Clock, PayeeRecord, PayeeStore } from '@sluice/sdk/session'
import { silentLog, type Log } from '../chain/log.js'
import type { ChainReader } from '../chain/reader.js'
import { reasonOf } from '../store/failures.js'
import { createEarnedVouchers, type VoucherFacts } from './earned.js'
import { createEmitter, type SettlerListener } from './events.js'
import { isFinal, type Outbox, type OutboxEntry } from './outbox.js'
import { planSettlement, type Action, type Plan } from './plan.js'
import type { Skip } from './planned.js'
import { settlementPolicy, type SettlementPolicy } from './policy.js'
import { createRefusals } from './refusals.js'
import { createSender, newest } from './sender.js'
import { createSerial } from './serial.js'
import { situationOf, type Situation } from './situation.js'
import { endangeredOf, riskOf, statusOf, type SettlerStatus } from './status.js'
import { createSubmitter, refusalOf } from './submitter.js'

export type SettlerParameters = {
  readonly store: Pick<PayeeStore, 'list' | 'load'>
  readonly outbox: Outbox
  readonly chain: ChainReader
  readonly deployment: Deployment
  /** Pays the gas and signs; best the channels' operator, which may close without a further signature. */
  readonly account: LocalAccount
  /** Reads the chain. */
  readonly publicClient: Client
  /** Where transactions are handed in; default `publicClient`. */
  readonly broadcaster?: Client
  /** Makes a voucher's signature fit for the contract: `normalizeVoucher` of the SDK's verifier. */
  readonly normalizeVoucher: (signer: Address, voucher: Voucher) => Voucher
  readonly clock: Clock
  readonly policy?: Partial<SettlementPolicy>
  readonly log?: Log
}

/** What one request to settle led to. */
export type SettleReport = {
  readonly submitted: readonly OutboxEntry[]
  readonly skipped: readonly Skip[]
  readonly refused: readonly { readonly channelId: Hex; readonly reason: string }[]
  /** By what each channel was claimed: a voucher that grants no more than was spent, or the highest accepted one. */
  readonly claimed: readonly {
    readonly channelId: Hex
    /** The payee's new total, base units. */
    readonly amount: bigint
    readonly voucher: 'earned' | 'accepted'
  }[]
}

/** Brings what is owed to the chain. It writes no channel records: what the chain says comes back by the watcher. */
export type Settler = {
  /** Re-examines what a former process sent, then looks every `policy.everyMs`. Resolves after the first look. */
  readonly start: () => Promise<void>
  /** Resolves when nothing runs any more. What was sent stays in the outbox. */
  readonly stop: () => Promise<void>
  /** One look now: follows transactions, plans, submits. Rejects with what went wrong; the next look tries again. */
  readonly tick: () => Promise<void>
  /**
   * Settles channels now whatever the gas; without ids every channel with something unsettled. Where no voucher is known
   * that grants only what was spent, as after a restart, it claims the highest one; the report says so.
   */
  readonly settle: (channelIds?: readonly Hex[]) => Promise<SettleReport>
  /**
   * Closes a channel at what the payee consented to, else at what was delivered. The same channel again answers with
   * the same transaction.
   *
   * @throws SluiceError `channel-closed`, `transaction-reverted`, `invalid-argument` without consent when the account is
   * neither payee nor operator
   */
  readonly closeChannel: (record: PayeeRecord) => Promise<{ readonly id: number; readonly hash: Hex }>
  /** Takes in a voucher that is durable, so that what was spent can be claimed while later vouchers run ahead. */
  readonly noteVoucher: (record: VoucherFacts) => void
  /** Takes in what the watcher saw; a requested close is acted on at once. */
  readonly noteState: (channelId: Hex, state: ChannelState) => void
  /** Resolves with a transaction once it is final. */
  readonly wait: (id: number) => Promise<OutboxEntry>
  readonly on: (listener: SettlerListener) => () => void
  readonly status: () => SettlerStatus
}

const readsAtOnce = 8

/**
 * Makes the settlement scheduler of one payee server.
 *
 * @throws SluiceError `invalid-argument` when the policy makes no sense
 */
export function createSettler(parameters: SettlerParameters): Settler {
  const { store, outbox, chain, deployment, account, publicClient, normalizeVoucher, clock } = parameters
  const { broadcaster = publicClient, log = silentLog } = parameters
  const policy = settlementPolicy(parameters.policy)
  const { emit, on } = createEmitter()
  const serial = createSerial()
  const sender = createSender({
    account,
    client: publicClient,
    broadcaster,
    chain,
    chainId: deployment.chainId,
    outbox,
    clock,
    policy,
    emit,
    log,
  })

  /** What the watcher said last, which may be ahead of the stored records. */
  const noted = new Map<Hex, ChannelState>()
  const earned = createEarnedVouchers()
  const refusedClaims = createRefusals(clock.now)
  const refusedCloses = createRefusals(clock.now)
  const submitter = createSubmitter({
    account,
    client: publicClient,
    chain,
    deployment,
    normalizeVoucher,
    sender,
    refusedClaims,
    refusedCloses,
    clock,
    policy,
    emit,
    log,
  })
  let running = false
  let cancelTimer: (() => void) | undefined
  let cancelPoke: (() => void) | undefined
  let status = statusOf(undefined, [])
  let problem: string | undefined

  function situation(look: {
    readonly states: ReadonlyMap<Hex, ChannelState>
    readonly only: ReadonlySet<Hex> | undefined
    readonly justRefused?: ReadonlySet<Hex>
  }): Promise<Situation> {
    const { states, only, justRefused } = look
    const isRefused = refusedClaims.has
    const isCloseRefused = (channelId: Hex) =>
      justRefused?.has(channelId) === true || refusedCloses.has(channelId)
    const nowMs = clock.now()
    return situationOf({ store, outbox, states, only, isRefused, isCloseRefused, earned, nowMs, policy })
  }

  /** Channels that cannot wait for what is under way to become cheaper. */
  async function endangered(): Promise<ReadonlySet<Hex>> {
    const underWay = (await outbox.open()).flatMap(({ purpose }) => purpose.channels)
    const only = new Set(underWay.map(({ channelId }) => channelId))
    return endangeredOf((await situation({ states: noted, only })).channels, policy)
  }

  /**
   * @param fresh plans these channels alone, by these states
   * @param justRefused channels that the chain has just refused to end
   */
  async function plan(
    asked: ReadonlySet<Hex>,
    fresh?: ReadonlyMap<Hex, ChannelState>,
    justRefused: ReadonlySet<Hex> = new Set(),
  ): Promise<Plan> {
    const only = fresh === undefined ? undefined : new Set(fresh.keys())
    const found = await situation({ states: fresh ?? noted, only, justRefused })
    const head = await chain.head()
    const gasPrice = await sender.gasPrice(head)
    const { channels } = found
    const plan = planSettlement({ channels, blockSeconds: head.timestamp, gasPrice, policy, asked })
    if (fresh === undefined) {
      // After a restart the stored voucher is the only one known; delivery will reach it.
      for (const { record } of channels) earned.remember(record)
      const open = new Set(found.channels.map(({ record }) => record.channelId))
      for (const channelId of noted.keys()) if (!open.has(channelId)) noted.delete(channelId)
      status = statusOf(found, plan.skipped)
      for (const event of riskOf(found, head.timestamp, policy)) emit(event)
    }
    return plan
  }

  /** Plans by what is known, reads the chosen channels from the chain, plans those again and acts. */
  async function act(asked: ReadonlySet<Hex>): Promise<SettleReport> {
    for (const channelId of asked) {
      refusedClaims.delete(channelId)
      refusedCloses.delete(channelId)
    }
    const first = await plan(asked)
    const report: Performed = { submitted: [], skipped: [...first.skipped], refused: [], claimed: [] }
    for (const action of first.actions) {
      const sure = await plan(asked, await readStates(idsOf(action)))
      report.skipped.push(...sure.skipped)
      for (const each of sure.actions)
        if (!(await perform(each, report))) await actOtherwise(each, asked, report)
    }
    return report
  }

  /** The chain refuses to end a channel: what can be claimed instead is claimed at once, for a deadline may run. */
  async function actOtherwise(action: Action, asked: ReadonlySet<Hex>, report: Performed): Promise<void> {
    const ids = idsOf(action)
    const { actions, skipped } = await plan(asked, await readStates(ids), new Set(ids))
    report.skipped.push(...skipped)
    for (const each of actions) await perform(each, report)
  }

  async function readStates(ids: readonly Hex[]): Promise<Map<Hex, ChannelState>> {
    const { number } = await chain.head()
    const states = new Map<Hex, ChannelState>()
    for (let start = 0; start < ids.length; start += readsAtOnce) {
      const read = async (id: Hex) => states.set(id, await chain.stateAt(id, number))
      await Promise.all(ids.slice(start, start + readsAtOnce).map(read))
    }
    return states
  }

  /** @returns whether there is nothing else to try: false for a close that is refused */
  async function perform(action: Action, report: Performed): Promise<boolean> {
    const urgent = action.reason === 'deadline'
    if (action.kind === 'claim') {
      const { submitted, refused } = await submitter.claims(action.claims, urgent)
      report.submitted.push(...submitted)
      report.refused.push(...refused)
      const isRefused = new Set(refused.map(({ channelId }) => channelId))
      for (const { record, amount, voucher } of action.claims) {
        const { channelId } = record
        if (!isRefused.has(channelId)) report.claimed.push({ channelId, amount, voucher })
      }
      return true
    }
    const { record, amount } = action
    try {
      report.submitted.push(await submitter.close(record, amount, urgent))
      return true
    } catch (error) {
      const reason = refusalOf(error)
      if (reason === undefined) throw error
      report.refused.push({ channelId: record.channelId, reason })
      return false
    }
  }

  async function closeNow(record: PayeeRecord): Promise<{ readonly id: number; readonly hash: Hex }> {
    const { channelId } = record
    const earlier = (await outbox.open()).find(
      ({ purpose }) =>
        purpose.kind === 'close' && purpose.channels.some((each) => each.channelId === channelId),
    )
    if (earlier !== undefined) return { id: earlier.id, hash: newest(earlier).hash }
    const delivered = record.spent < record.accepted ? record.spent : record.accepted
    const captured = record.consent?.capturedAmount ?? delivered
    const entry = await submitter.close(record, captured, record.closeRequestedAt !== 0)
    return { id: entry.id, hash: newest(entry).hash }
  }

  async function tick(): Promise<void> {
    try {
      await sender.tick(await endangered())
      await act(new Set())
      problem = undefined
    } catch (error) {
      problem = reasonOf(error)
      emit({ type: 'error', error })
      log.error({ problem }, 'settlement was interrupted and will be tried again')
      throw error
    }
  }

  async function round(): Promise<void> {
    await serial.run(tick).catch(() => undefined)
    if (running) cancelTimer = clock.schedule(policy.everyMs, () => void round())
  }

  return {
    async start() {
      running = true
      await round()
    },
    async stop() {
      running = false
      cancelTimer?.()
      cancelPoke?.()
      await serial.idle()
    },
    tick: () => serial.run(tick),
    settle: (channelIds) =>
      serial.run(async () =>
        act(new Set(channelIds ?? (await store.list()).map(({ channelId }) => channelId))),
      ),
    closeChannel: (record) => serial.run(() => closeNow(record)),
    noteVoucher: earned.remember,
    noteState(channelId, state) {
      if (state.closed) earned.forget(channelId)
      const isNewRequest =
        state.closeRequestedAt !== 0 && noted.get(channelId)?.closeRequestedAt !== state.closeRequestedAt
      noted.set(channelId, state)
      if (!isNewRequest || state.closed) return
      refusedClaims.delete(channelId)
      refusedCloses.delete(channelId)
      if (!running) return
      cancelPoke?.()
      cancelPoke = clock.schedule(0, () => void serial.run(tick).catch(() => undefined))
    },
    async wait(id) {
      const final = new Promise<OutboxEntry>((resolve) => {
        const off = on((event) => {
          if (!('entry' in event) || event.entry.id !== id || !isFinal(event.entry.status)) return
          off()
          resolve(event.entry)
        })
      })
      const entry = await outbox.get(id)
      return entry !== undefined && isFinal(entry.status) ? entry : await final
    },
    on,
    status: () => ({
      ...status,
      problem,
      refused: [...refusedClaims.list(), ...refusedCloses.list()],
    }),
  }
}

type Performed = { readonly [Part in keyof SettleReport]: SettleReport[Part][number][] }

function idsOf(action: Action): readonly Hex[] {
  return action.kind === 'claim'
    ? action.claims.map(({ record }) => record.channelId)
    : [action.record.channelId]
}
