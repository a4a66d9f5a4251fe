import type { Address, Hex } from '@sluice/sdk'
import type { SettlerEvent } from './events.js'
import type { OutboxEntry } from './outbox.js'
import type { PlannedChannel, Skip } from './planned.js'
import type { SettlementPolicy } from './policy.js'
import type { Situation } from './situation.js'

/** Where settlement stands, as of the last look. For `/metrics`, `/healthz` and the command line. */
export type SettlerStatus = {
  /** Transactions that are not final. */
  readonly underWay: readonly OutboxEntry[]
  /** Base units held in vouchers beyond what the chain has paid out. */
  readonly unsettled: readonly {
    readonly token: Address
    readonly amount: bigint
    readonly channels: number
  }[]
  /** Pending close requests with something delivered and not on the chain, soonest first. Times are seconds. */
  readonly deadlines: readonly {
    readonly channelId: Hex
    readonly amount: bigint
    readonly withdrawableAt: number
  }[]
  readonly skipped: readonly Skip[]
  /** Channels the chain refused, left alone for a while. */
  readonly refused: readonly { readonly channelId: Hex; readonly reason: string }[]
  /** Why the last look failed; undefined when it did not. */
  readonly problem: string | undefined
}

/** The status after a look. */
export function statusOf(situation: Situation | undefined, skipped: readonly Skip[]): SettlerStatus {
  const channels = situation?.channels ?? []
  const byToken = new Map<
    Address,
    { readonly token: Address; readonly amount: bigint; readonly channels: number }
  >()
  for (const channel of channels) {
    const amount = unsettledOf(channel)
    if (amount === 0n) continue
    const { token } = channel.record.channel
    const sum = byToken.get(token) ?? { token, amount: 0n, channels: 0 }
    byToken.set(token, { token, amount: sum.amount + amount, channels: sum.channels + 1 })
  }
  return {
    underWay: situation?.underWay ?? [],
    unsettled: [...byToken.values()],
    deadlines: channels.flatMap(deadlineOf).sort((a, b) => a.withdrawableAt - b.withdrawableAt),
    skipped,
    refused: [],
    problem: undefined,
  }
}

/**
 * Channels whose payer has asked to close while a transaction under way brings more than dust of the payee's money: such a
 * transaction may cost what an urgent one may, however little hurry there was when it was sent.
 *
 * @param channels those of the transactions under way
 */
export function endangeredOf(
  channels: readonly PlannedChannel[],
  policy: SettlementPolicy,
): ReadonlySet<Hex> {
  return new Set(
    channels
      .filter(({ record, state, claiming, closing }) => {
        if (state.closeRequestedAt === 0 || state.closed) return false
        return closing || claiming - state.claimed > policy.dust(record.channel.token)
      })
      .map(({ record }) => record.channelId),
  )
}

/** Warnings for close requests that mature within the margin while the payee's money is not yet on the chain. */
export function riskOf(situation: Situation, nowSeconds: number, policy: SettlementPolicy): SettlerEvent[] {
  const tokens = new Map(situation.channels.map(({ record }) => [record.channelId, record.channel.token]))
  return situation.channels
    .flatMap(deadlineOf)
    .filter(({ withdrawableAt }) => nowSeconds >= withdrawableAt - policy.deadlineMarginSeconds)
    .filter(({ channelId, amount }) => amount > policy.dust(tokens.get(channelId) ?? '0x'))
    .map((deadline) => ({ type: 'at-risk', ...deadline }))
}

function deadlineOf(channel: PlannedChannel): SettlerStatus['deadlines'] {
  const { record, state } = channel
  const { accepted, spent, consent } = record
  // What was only paid ahead is the payer's to take back.
  const due = consent?.capturedAmount ?? (spent < accepted ? spent : accepted)
  const amount = due > state.claimed ? due - state.claimed : 0n
  if (state.closeRequestedAt === 0 || state.closed || amount === 0n) return []
  const withdrawableAt = state.closeRequestedAt + record.channel.grace
  return [{ channelId: record.channelId, amount, withdrawableAt }]
}

function unsettledOf({ record, state }: PlannedChannel): bigint {
  const total = record.consent?.capturedAmount ?? record.accepted
  return state.closed || total <= state.claimed ? 0n : total - state.claimed
}
