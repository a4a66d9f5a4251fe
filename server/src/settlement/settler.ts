import type { Client, LocalAccount } from 'viem'
import {
  SluiceError,
  type Address,
  type ChannelState,
  type Deployment,
  type Hex,
  type Voucher,
} from '@sluice/sdk'
import type { Clock, PayeeRecord, PayeeStore } from '@sluice/sdk/session'
import { silentLog, type Log } from '../chain/log.js'
import type { ChainReader } from '../chain/reader.js'
import { reasonOf } from '../store/failures.js'
import { claimData, reverted, simulate, type ClaimItem } from './calls.js'
import { closeCall } from './closing.js'
import { createEmitter, type SettlerListener } from './events.js'
import { isolate } from './isolate.js'
import { isFinal, type Outbox, type OutboxEntry, type Purpose } from './outbox.js'
import { planSettlement, type Action, type Plan, type PlannedClaim } from './plan.js'
import type { Skip } from './planned.js'
import { settlementPolicy, type SettlementPolicy } from './policy.js'
import { createSender, newest } from './sender.js'
import { createSerial } from './serial.js'
import { situationOf, type Situation } from './situation.js'
import { riskOf, statusOf, type SettlerStatus } from './status.js'

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
}

/** Brings what is owed to the chain. It writes no channel records: what the chain says comes back by the watcher. */
export type Settler = {
  /** Re-examines what a former process sent, then looks every `policy.everyMs`. Resolves after the first look. */
  readonly start: () => Promise<void>
  /** Resolves when nothing runs any more. What was sent stays in the outbox. */
  readonly stop: () => Promise<void>
  /** One look now: follows transactions, plans, submits. Rejects with what went wrong; the next look tries again. */
  readonly tick: () => Promise<void>
  /** Settles channels now whatever the gas; without ids every channel with something unsettled. */
  readonly settle: (channelIds?: readonly Hex[]) => Promise<SettleReport>
  /**
   * Closes a channel at what the payee consented to, else at what was delivered. The same channel again answers with
   * the same transaction.
   *
   * @throws SluiceError `channel-closed`, `transaction-reverted`, `invalid-argument` without consent when the account is
   * neither payee nor operator
   */
  readonly closeChannel: (record: PayeeRecord) => Promise<{ readonly id: number; readonly hash: Hex }>
  /** Takes in what the watcher saw; a requested close is acted on at once. */
  readonly noteState: (channelId: Hex, state: ChannelState) => void
  /** Resolves with a transaction once it is final. */
  readonly wait: (id: number) => Promise<OutboxEntry>
  readonly on: (listener: SettlerListener) => () => void
  readonly status: () => SettlerStatus
}

const readsAtOnce = 8
/** A channel with a deadline is not left alone for long, whatever the chain said. */
const urgentRetryMs = 60_000

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
  /** Channels the chain refused, until when they are left alone. */
  const refusedUntilMs = new Map<Hex, { readonly untilMs: number; readonly reason: string }>()
  let running = false
  let cancelTimer: (() => void) | undefined
  let cancelPoke: (() => void) | undefined
  let status = statusOf(undefined, [])
  let problem: string | undefined

  function situation(fresh: ReadonlyMap<Hex, ChannelState> | undefined): Promise<Situation> {
    const isRefused = (channelId: Hex) => (refusedUntilMs.get(channelId)?.untilMs ?? 0) > clock.now()
    return situationOf({ store, outbox, noted, fresh, isRefused, nowMs: clock.now(), policy })
  }

  /** @param fresh plans these channels alone, by these states */
  async function plan(asked: ReadonlySet<Hex>, fresh?: ReadonlyMap<Hex, ChannelState>): Promise<Plan> {
    const found = await situation(fresh)
    const head = await chain.head()
    const gasPrice = await sender.gasPrice(head)
    const channels = found.channels.map((channel) =>
      asked.has(channel.record.channelId) ? { ...channel, refused: false } : channel,
    )
    const plan = planSettlement({ channels, blockSeconds: head.timestamp, gasPrice, policy, asked })
    if (fresh === undefined) {
      const open = new Set(found.channels.map(({ record }) => record.channelId))
      for (const channelId of noted.keys()) if (!open.has(channelId)) noted.delete(channelId)
      status = statusOf(found, plan.skipped)
      for (const event of riskOf(found, head.timestamp, policy)) emit(event)
    }
    return plan
  }

  /** Plans by what is known, reads the chosen channels from the chain, plans those again and acts. */
  async function act(asked: ReadonlySet<Hex>): Promise<SettleReport> {
    const first = await plan(asked)
    const report = { submitted: [] as OutboxEntry[], skipped: [...first.skipped], refused: [] as Refusal[] }
    for (const action of first.actions) {
      const sure = await plan(asked, await readStates(channelsOf(action).map(({ channelId }) => channelId)))
      report.skipped.push(...sure.skipped)
      for (const each of sure.actions) await perform(each, report)
    }
    return report
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

  async function perform(action: Action, report: Performed): Promise<void> {
    const urgent = action.reason === 'deadline'
    if (action.kind === 'claim') {
      await performClaim(action.claims, urgent, report)
      return
    }
    const { record, amount } = action
    try {
      report.submitted.push(await submitClose(record, amount, urgent))
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'transaction-reverted') throw error
      log.error(
        { channelId: record.channelId, reason: error.details },
        'the chain refuses a close: claiming instead',
      )
      // A payer that cannot be refunded must not keep the payee from its money (I14): a claim pays the payee alone.
      await performClaim([{ record, amount: record.accepted }], urgent, report)
    }
  }

  async function performClaim(
    claims: readonly PlannedClaim[],
    urgent: boolean,
    report: Performed,
  ): Promise<void> {
    const attempt = (items: readonly ClaimItem[]) =>
      simulate(publicClient, { from: account.address, to: deployment.contract, data: claimData(items) })
    const { batches, refused } = await isolate(claims.map(claimItem), attempt)
    for (const { item, reason } of refused) refuse(item, { reason, urgent }, report)
    for (const items of batches) {
      const purpose: Purpose = {
        kind: 'claim',
        urgent,
        channels: items.map(({ channelId, amount }) => ({ channelId, amount })),
      }
      report.submitted.push(await sender.submit({ to: deployment.contract, data: claimData(items) }, purpose))
    }
  }

  function claimItem({ record, amount }: PlannedClaim): ClaimItem {
    const { channelId, channel, signature } = record
    const voucher = normalizeVoucher(channel.signer, { channelId, cumulativeAmount: amount, signature })
    return { channelId, channel, amount, signature: voucher.signature }
  }

  function refuse(
    { channelId, amount }: { readonly channelId: Hex; readonly amount: bigint },
    { reason, urgent }: { readonly reason: string; readonly urgent: boolean },
    report: Performed,
  ): void {
    const pauseMs = urgent ? Math.min(urgentRetryMs, policy.retryRefusedAfterMs) : policy.retryRefusedAfterMs
    refusedUntilMs.set(channelId, { untilMs: clock.now() + pauseMs, reason })
    report.refused.push({ channelId, reason })
    log.error({ channelId, amount, reason }, 'the chain refuses a voucher')
    emit({ type: 'refused', channelId, amount, reason })
  }

  async function submitClose(record: PayeeRecord, captured: bigint, urgent: boolean): Promise<OutboxEntry> {
    const { claimed, closed } = await chain.channelState(record.channelId, 1)
    if (closed) throw closedAlready(record.channelId)
    const data = closeCall({ record, captured, claimed, sender: account.address, normalizeVoucher })
    const verdict = await simulate(publicClient, { from: account.address, to: deployment.contract, data })
    if (verdict !== undefined) throw reverted(verdict)
    const channels = [{ channelId: record.channelId, amount: captured }]
    return await sender.submit({ to: deployment.contract, data }, { kind: 'close', urgent, channels })
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
    const entry = await submitClose(record, captured, record.closeRequestedAt !== 0)
    return { id: entry.id, hash: newest(entry).hash }
  }

  async function tick(): Promise<void> {
    try {
      await sender.tick()
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
    noteState(channelId, state) {
      const isNewRequest =
        state.closeRequestedAt !== 0 && noted.get(channelId)?.closeRequestedAt !== state.closeRequestedAt
      noted.set(channelId, state)
      if (!isNewRequest || state.closed) return
      refusedUntilMs.delete(channelId)
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
      refused: [...refusedUntilMs]
        .filter(([, { untilMs }]) => untilMs > clock.now())
        .map(([channelId, { reason }]) => ({ channelId, reason })),
    }),
  }
}

type Refusal = { readonly channelId: Hex; readonly reason: string }
type Performed = { readonly submitted: OutboxEntry[]; readonly refused: Refusal[] }

function channelsOf(action: Action): readonly PayeeRecord[] {
  return action.kind === 'claim' ? action.claims.map(({ record }) => record) : [action.record]
}

function closedAlready(channelId: Hex): SluiceError {
  return new SluiceError({
    code: 'channel-closed',
    message: 'This channel was closed already.',
    details: channelId,
  })
}
