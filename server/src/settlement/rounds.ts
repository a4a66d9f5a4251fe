import type { ChannelState, Hex } from '@sluice/sdk'
import type { Log } from '../chain/log.js'
import type { ChainReader } from '../chain/reader.js'
import type { SettlerListener } from './events.js'
import type { OutboxEntry } from './outbox.js'
import type { Outlook } from './outlook.js'
import { persevere } from './persevere.js'
import type { Action, Asked, PlannedClaim } from './plan.js'
import type { Skip } from './planned.js'
import { refusalOf, type Submitter } from './submitter.js'

/** What one request to settle led to. */
export type SettleReport = {
  readonly submitted: readonly OutboxEntry[]
  readonly skipped: readonly Skip[]
  readonly refused: readonly { readonly channelId: Hex; readonly reason: string }[]
  /** What was interrupted while the rest went on, such as by a node that did not answer. The next looks try it again. */
  readonly failed: readonly { readonly channelIds: readonly Hex[]; readonly error: Error }[]
  /** By what each channel was claimed: a voucher that grants no more than was spent, or the highest accepted one. */
  readonly claimed: readonly {
    readonly channelId: Hex
    /** The payee's new total, base units. */
    readonly amount: bigint
    readonly voucher: 'earned' | 'accepted'
  }[]
}

export type RoundParameters = {
  readonly outlook: Outlook
  readonly submitter: Submitter
  readonly chain: ChainReader
  readonly emit: SettlerListener
  readonly log: Log
}

const readsAtOnce = 8

/**
 * Plans by what is known, reads the chosen channels from the chain, plans those again and acts. What fails alone is
 * tried again later, with growing pauses; the rest goes on.
 *
 * @param asked channels to settle whatever the gas
 * @throws SluiceError `store-failed`, and `rpc-unreachable` when the node answers nothing at all
 */
export async function settleRound(parameters: RoundParameters, asked: Asked): Promise<SettleReport> {
  const { outlook, submitter, chain, emit, log } = parameters

  async function readStates(ids: readonly Hex[]): Promise<Map<Hex, ChannelState>> {
    const { number } = await chain.head()
    const states = new Map<Hex, ChannelState>()
    for (let start = 0; start < ids.length; start += readsAtOnce) {
      const read = async (id: Hex) => states.set(id, await chain.stateAt(id, number))
      await Promise.all(ids.slice(start, start + readsAtOnce).map(read))
    }
    return states
  }

  async function settle(action: Action): Promise<void> {
    const ids = idsOf(action)
    const sure = await outlook.plan({ asked, fresh: await readStates(ids) })
    report.skipped.push(...sure.skipped)
    for (const each of sure.actions) if (!(await perform(each))) await settleOtherwise(each)
    for (const channelId of ids) outlook.delays.delete(channelId)
  }

  /** The chain refuses to end a channel: what can be claimed instead is claimed at once, for a deadline may run. */
  async function settleOtherwise(action: Action): Promise<void> {
    const ids = idsOf(action)
    const justRefused = new Set(ids)
    const { actions, skipped } = await outlook.plan({ asked, fresh: await readStates(ids), justRefused })
    report.skipped.push(...skipped)
    for (const each of actions) await perform(each)
  }

  /** @returns whether there is nothing else to try: false for a close that is refused */
  async function perform(action: Action): Promise<boolean> {
    const urgent = action.reason === 'deadline'
    if (action.kind === 'claim') {
      const onSubmitted = (entry: OutboxEntry): void => {
        report.submitted.push(entry)
        report.claimed.push(...claimedBy(entry, action.claims))
      }
      report.refused.push(...(await submitter.claims(action.claims, urgent, onSubmitted)))
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

  function interrupted(action: Action, error: Error): void {
    const channelIds = idsOf(action)
    const { kind } = action
    const { failures, pauseMs } = outlook.delays.add(channelIds)
    report.failed.push({ channelIds, error })
    log.warn(
      { kind, channels: channelIds.length, first: channelIds[0], failures, pauseMs, err: error },
      'one settlement was interrupted, the others go on; it will be tried again',
    )
    emit({ type: 'error', error, work: { kind, channelIds, failures, pauseMs } })
  }

  const first = await outlook.plan({ asked })
  const report: Performed = {
    submitted: [],
    skipped: [...first.skipped],
    refused: [],
    failed: [],
    claimed: [],
  }
  await persevere({ pieces: first.actions, work: settle, failed: interrupted, chain })
  return report
}

type Performed = { readonly [Part in keyof SettleReport]: SettleReport[Part][number][] }

function idsOf(action: Action): readonly Hex[] {
  return action.kind === 'claim'
    ? action.claims.map(({ record }) => record.channelId)
    : [action.record.channelId]
}

function claimedBy({ purpose }: OutboxEntry, claims: readonly PlannedClaim[]): SettleReport['claimed'] {
  const ids = new Set(purpose.channels.map(({ channelId }) => channelId))
  return claims
    .filter(({ record }) => ids.has(record.channelId))
    .map(({ record, amount, voucher }) => ({ channelId: record.channelId, amount, voucher }))
}
