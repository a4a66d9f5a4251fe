import type { Client, LocalAccount } from 'viem'
import { SluiceError, type Address, type Deployment, type Hex, type Voucher } from '@sluice/sdk'
import type { Clock, PayeeRecord } from '@sluice/sdk/session'
import type { Log } from '../chain/log.js'
import type { ChainReader } from '../chain/reader.js'
import { claimData, reverted, simulate, type ClaimItem } from './calls.js'
import { closeCall } from './closing.js'
import type { SettlerListener } from './events.js'
import { isolate } from './isolate.js'
import type { OutboxEntry, Purpose } from './outbox.js'
import type { PlannedClaim } from './plan.js'
import type { SettlementPolicy } from './policy.js'
import type { Refusals } from './refusals.js'
import type { Sender } from './sender.js'

/** Tries claims and closes on the newest block, hands in what passes, and remembers what does not. */
export type Submitter = {
  /**
   * Claims of one payee, operator and token.
   *
   * @param onSubmitted told of each transaction, for one may be sent before a later one fails
   * @returns what the chain refuses
   */
  readonly claims: (
    claims: readonly PlannedClaim[],
    urgent: boolean,
    onSubmitted: (entry: OutboxEntry) => void,
  ) => Promise<readonly { readonly channelId: Hex; readonly reason: string }[]>
  /**
   * Ends a channel. A refusal is remembered, so that the next plan claims instead where that is right.
   *
   * @param captured the payee's final total, base units
   * @throws SluiceError `channel-closed`, `invalid-argument` when this key may not, and what {@link refusalOf} knows
   */
  readonly close: (record: PayeeRecord, captured: bigint, urgent: boolean) => Promise<OutboxEntry>
}

export type SubmitterParameters = {
  readonly account: LocalAccount
  readonly client: Client
  readonly chain: ChainReader
  readonly deployment: Deployment
  readonly normalizeVoucher: (signer: Address, voucher: Voucher) => Voucher
  readonly sender: Pick<Sender, 'submit'>
  readonly refusedClaims: Pick<Refusals, 'add'>
  readonly refusedCloses: Pick<Refusals, 'add'>
  readonly clock: Clock
  readonly policy: SettlementPolicy
  readonly emit: SettlerListener
  readonly log: Log
}

/** A channel with a deadline is not left alone for long, whatever the chain said. */
const urgentRetryMs = 60_000
/** Gas a close may use. Its refund goes to the payer, whose contract could burn any amount at the operator's cost. */
const closeGas = 3_000_000n

/** Makes a submitter. Its calls must not overlap; the settler sees to that. */
export function createSubmitter(parameters: SubmitterParameters): Submitter {
  const { account, client, chain, deployment, normalizeVoucher, sender, clock, policy, emit, log } =
    parameters
  const target = { from: account.address, to: deployment.contract }

  function claimItem({ record, amount, signature }: PlannedClaim): ClaimItem {
    const { channelId, channel } = record
    const voucher = normalizeVoucher(channel.signer, { channelId, cumulativeAmount: amount, signature })
    return { channelId, channel, amount, signature: voucher.signature }
  }

  function refuse(
    kind: 'claim' | 'close',
    { channelId, amount }: { readonly channelId: Hex; readonly amount: bigint },
    { reason, urgent }: { readonly reason: string; readonly urgent: boolean },
  ): void {
    const pauseMs = urgent ? Math.min(urgentRetryMs, policy.retryRefusedAfterMs) : policy.retryRefusedAfterMs
    const refusals = kind === 'claim' ? parameters.refusedClaims : parameters.refusedCloses
    refusals.add(channelId, { untilMs: clock.now() + pauseMs, reason })
    log.error({ channelId, amount, reason }, `the chain refuses a ${kind}`)
    emit({ type: 'refused', channelId, amount, reason })
  }

  async function tryClose(record: PayeeRecord, captured: bigint, urgent: boolean): Promise<OutboxEntry> {
    const { claimed, closed } = await chain.channelState(record.channelId, 1)
    if (closed) throw closedAlready(record.channelId)
    const data = closeCall({ record, captured, claimed, sender: account.address, normalizeVoucher })
    const verdict = await simulate(client, { ...target, data, gas: closeGas })
    if (verdict !== undefined) throw reverted(verdict)
    const channels = [{ channelId: record.channelId, amount: captured }]
    return await sender.submit({ to: deployment.contract, data }, { kind: 'close', urgent, channels })
  }

  return {
    async claims(claims, urgent, onSubmitted) {
      const attempt = (items: readonly ClaimItem[]) => simulate(client, { ...target, data: claimData(items) })
      const { batches, refused } = await isolate(claims.map(claimItem), attempt)
      for (const { item, reason } of refused) refuse('claim', item, { reason, urgent })
      for (const items of batches) {
        const channels = items.map(({ channelId, amount }) => ({ channelId, amount }))
        const purpose: Purpose = { kind: 'claim', urgent, channels }
        onSubmitted(await sender.submit({ to: deployment.contract, data: claimData(items) }, purpose))
      }
      return refused.map(({ item, reason }) => ({ channelId: item.channelId, reason }))
    },
    async close(record, captured, urgent) {
      try {
        return await tryClose(record, captured, urgent)
      } catch (error) {
        const reason = refusalOf(error)
        if (reason !== undefined)
          refuse('close', { channelId: record.channelId, amount: captured }, { reason, urgent })
        throw error
      }
    },
  }
}

/** Why the contract refuses to end a channel; undefined when that is not what went wrong. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof SluiceError) || error.code !== 'transaction-reverted') return undefined
  return error.details ?? error.message
}

function closedAlready(channelId: Hex): SluiceError {
  return new SluiceError({
    code: 'channel-closed',
    message: 'This channel was closed already.',
    details: channelId,
  })
}
