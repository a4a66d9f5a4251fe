import type { Client, LocalAccount } from 'viem'
import { getBalance } from 'viem/actions'
import type { Address, ChannelState, Deployment, Hex, Voucher } from '@sluice/sdk'
import type { Clock, PayeeRecord, PayeeStore } from '@sluice/sdk/session'
import { silentLog, type Log } from '../chain/log.js'
import type { ChainReader } from '../chain/reader.js'
import { reasonOf } from '../store/failures.js'
import { createEarnedVouchers, type VoucherFacts } from './earned.js'
import { estimateOf, type Estimate } from './estimate.js'
import { createEmitter, type SettlerListener } from './events.js'
import { isFinal, type Outbox, type OutboxEntry } from './outbox.js'
import { createOutlook } from './outlook.js'
import { nothingAsked, type Asked } from './plan.js'
import { settlementPolicy, type SettlementPolicy } from './policy.js'
import { settleRound, type SettleReport } from './rounds.js'
import { createSender, newest } from './sender.js'
import { createSerial } from './serial.js'
import type { SettlerStatus } from './status.js'
import { createSubmitter } from './submitter.js'

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

/** Brings what is owed to the chain. It writes no channel records: what the chain says comes back by the watcher. */
export type Settler = {
  /** Re-examines what a former process sent, then looks every `policy.everyMs`. Resolves after the first look. */
  readonly start: () => Promise<void>
  /** Resolves when nothing runs any more. What was sent stays in the outbox. */
  readonly stop: () => Promise<void>
  /**
   * One look now: follows transactions, plans, submits. What fails alone does not keep the rest from going on. Rejects
   * with what went wrong first; the next looks try it again.
   */
  readonly tick: () => Promise<void>
  /**
   * Settles channels now whatever the gas; without ids every channel with something unsettled. Where no voucher is known
   * that grants only what was spent it claims the highest one, and the report says so; with `earnedOnly` it leaves what
   * was only paid ahead.
   */
  readonly settle: (
    channelIds?: readonly Hex[],
    options?: { readonly earnedOnly?: boolean },
  ) => Promise<SettleReport>
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
  /** What settling everything that was earned would bring and cost now. Sends nothing. */
  readonly estimate: () => Promise<Estimate>
}

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

  const earned = createEarnedVouchers()
  const outlook = createOutlook({
    account: account.address,
    store,
    outbox,
    chain,
    sender,
    earned,
    clock,
    policy,
    emit,
  })
  const submitter = createSubmitter({
    account,
    client: publicClient,
    chain,
    deployment,
    normalizeVoucher,
    sender,
    refusedClaims: outlook.refusedClaims,
    refusedCloses: outlook.refusedCloses,
    clock,
    policy,
    emit,
    log,
  })
  const act = (asked: Asked): Promise<SettleReport> =>
    settleRound({ outlook, submitter, chain, emit, log }, asked)
  let running = false
  let cancelTimer: (() => void) | undefined
  let cancelPoke: (() => void) | undefined
  let problem: string | undefined

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
    const faults: unknown[] = []
    try {
      faults.push(...(await sender.tick(await outlook.endangered())))
      faults.push(...(await act(nothingAsked)).failed.map(({ error }) => error))
    } catch (error) {
      faults.push(error)
      emit({ type: 'error', error, work: undefined })
      log.error({ err: error }, 'settlement was interrupted and will be tried again')
    }
    problem = faults.length === 0 ? undefined : reasonOf(faults[0])
    if (faults.length > 0) throw faults[0]
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
    settle: (channelIds, { earnedOnly = false } = {}) =>
      serial.run(async () => {
        const ids = channelIds ?? (await store.list()).map(({ channelId }) => channelId)
        for (const channelId of ids) outlook.forgive(channelId)
        return await act({ channelIds: new Set(ids), earnedOnly })
      }),
    closeChannel: (record) => serial.run(() => closeNow(record)),
    noteVoucher: earned.remember,
    noteState(channelId, state) {
      if (!outlook.noteState(channelId, state) || !running) return
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
    status: () => ({ ...outlook.status(), problem }),
    estimate: () =>
      serial.run(async () => {
        const channelIds = new Set((await store.list()).map(({ channelId }) => channelId))
        const { actions } = await outlook.plan({ asked: { channelIds, earnedOnly: true } })
        const gasPrice = await sender.gasPrice(await chain.head())
        const balance = await getBalance(publicClient, { address: account.address })
        return estimateOf({ actions, gasPrice, balance, policy })
      }),
  }
}
