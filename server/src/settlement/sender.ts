import { keccak256, type Client, type LocalAccount } from 'viem'
import { estimateMaxPriorityFeePerGas, getTransactionCount } from 'viem/actions'
import type { Hex } from '@sluice/sdk'
import type { Clock } from '@sluice/sdk/session'
import { silentLog, type Log } from '../chain/log.js'
import type { ChainReader, Head } from '../chain/reader.js'
import { asking, shortReason } from '../chain/rpc.js'
import { gasFor } from './calls.js'
import type { SettlerListener } from './events.js'
import { freshFees, raisedFees, type Fees } from './fees.js'
import { examine } from './inclusion.js'
import { persevere } from './persevere.js'
import type { Attempt, Outbox, OutboxEntry, Purpose } from './outbox.js'
import type { SettlementPolicy } from './policy.js'

/** Sends the transactions of one account, each at most once, and follows them until they are final. */
export type Sender = {
  /**
   * Signs, stores and broadcasts a transaction. Once stored it will be sent, whatever happens to this process.
   *
   * @throws SluiceError `transaction-reverted` when the contract refuses it now, `rpc-unreachable`, `store-failed`: in
   * all three cases nothing was sent
   */
  readonly submit: (call: { readonly to: Hex; readonly data: Hex }, purpose: Purpose) => Promise<OutboxEntry>
  /**
   * Looks after everything that is not final: sends again what was dropped, replaces what is stuck.
   *
   * @param endangered channels that must not wait for lower fees: what brings their money is urgent from now on, whatever
   * it was when it was sent
   * @returns why some could not be looked after while others were
   */
  readonly tick: (endangered: ReadonlySet<Hex>) => Promise<readonly Error[]>
  /** Wei a unit of gas costs now. */
  readonly gasPrice: (head: Head) => Promise<bigint>
}

export type SenderParameters = {
  readonly account: LocalAccount
  readonly client: Client
  /** Where transactions are handed in. */
  readonly broadcaster: Client
  readonly chain: ChainReader
  readonly chainId: number
  readonly outbox: Outbox
  readonly clock: Clock
  readonly policy: SettlementPolicy
  readonly emit: SettlerListener
  readonly log?: Log
}

/** Wei a unit of gas, where a node does not say what is usual. */
const usualPriority = 1_000_000_000n

/**
 * Makes a sender. Its calls must not overlap; the settler sees to that.
 *
 * Whatever is signed is in the outbox before it leaves, so a crash at any point leaves either nothing or a transaction
 * that the next process finds, sends again unchanged and so never twice.
 */
export function createSender(parameters: SenderParameters): Sender {
  const { account, client, broadcaster, chain, chainId, outbox, clock, policy, emit } = parameters
  const log = parameters.log ?? silentLog

  async function submit(
    call: { readonly to: Hex; readonly data: Hex },
    purpose: Purpose,
  ): Promise<OutboxEntry> {
    const gas = await gasFor(client, { from: account.address, ...call })
    return await enter({ ...call, gas }, purpose, await freeNonce())
  }

  async function enter(call: OutboxEntry['call'], purpose: Purpose, nonce: number): Promise<OutboxEntry> {
    const head = await chain.head()
    const fees = freshFees(head.baseFeePerGas, await priority(), feeLimit(purpose.urgent))
    const entry = await outbox.add({
      chainId,
      sender: account.address,
      nonce,
      call,
      purpose,
      attempts: [await sign(call, nonce, fees, head)],
      status: 'pending',
      inclusion: undefined,
      createdAtMs: clock.now(),
      updatedAtMs: clock.now(),
    })
    await broadcast(entry)
    emit({ type: 'submitted', entry })
    return entry
  }

  async function sign(call: OutboxEntry['call'], nonce: number, fees: Fees, head: Head): Promise<Attempt> {
    const { to, data, gas } = call
    const raw = await account.signTransaction({ type: 'eip1559', chainId, nonce, to, data, gas, ...fees })
    return { hash: keccak256(raw), raw, ...fees, atBlock: head.number }
  }

  /** The lowest nonce that neither the chain, the node's pool nor the outbox has used: it leaves no gap. */
  async function freeNonce(): Promise<number> {
    const taken = new Set((await outbox.open()).map(({ nonce }) => nonce))
    let nonce = await countWithPool()
    while (taken.has(nonce)) nonce += 1
    return nonce
  }

  async function countWithPool(): Promise<number> {
    const [latest, pending] = await Promise.all([count('latest'), count('pending')])
    return Math.max(latest, pending)
  }

  function count(blockTag: 'latest' | 'pending'): Promise<number> {
    const { address } = account
    return asking('eth_getTransactionCount', () => getTransactionCount(client, { address, blockTag }))
  }

  /** Hands the newest attempt in. Whatever the node says, the transaction may be under way: unknown is not failed. */
  async function broadcast(entry: OutboxEntry): Promise<void> {
    const { raw, hash } = newest(entry)
    try {
      await broadcaster.request({ method: 'eth_sendRawTransaction', params: [raw] })
      log.info({ id: entry.id, nonce: entry.nonce, hash, kind: entry.purpose.kind }, 'sent a transaction')
    } catch (error) {
      const answer = shortReason(error)
      log.warn({ id: entry.id, nonce: entry.nonce, hash, answer }, 'the node did not take a transaction')
      emit({ type: 'not-taken', entry, answer })
    }
  }

  async function tick(endangered: ReadonlySet<Hex>): Promise<readonly Error[]> {
    const open = await outbox.open()
    if (open.length === 0) return []
    const head = await chain.head()
    const isUrgent = ({ purpose }: OutboxEntry): boolean =>
      purpose.urgent || purpose.channels.some(({ channelId }) => endangered.has(channelId))
    const urgentUpTo = Math.max(-1, ...open.filter(isUrgent).map(({ nonce }) => nonce))
    const errors: Error[] = []
    await persevere({
      pieces: open,
      // An urgent transaction waits for every lower nonce, so those are urgent too.
      work: (entry) => follow(entry, head, entry.nonce <= urgentUpTo),
      failed: (entry, error) => {
        errors.push(error)
        interrupted(entry, error)
      },
      chain,
    })
    await fillGap(isUrgent)
    return errors
  }

  function interrupted({ id, nonce, purpose }: OutboxEntry, error: Error): void {
    log.warn({ id, nonce, err: error }, 'a transaction could not be looked after; the others go on')
    const channelIds = purpose.channels.map(({ channelId }) => channelId)
    emit({ type: 'error', error, work: { kind: 'follow', channelIds, failures: 1, pauseMs: 0 } })
  }

  async function follow(entry: OutboxEntry, head: Head, urgent: boolean): Promise<void> {
    const found = await examine({ client, chain, entry, head, confirmations: policy.confirmations })
    if (found.status !== entry.status || found.inclusion?.blockHash !== entry.inclusion?.blockHash) {
      const next: OutboxEntry = { ...entry, ...found, updatedAtMs: clock.now() }
      await outbox.update(next)
      report(entry, next)
    }
    if (found.status === 'pending' && found.isNonceOpen) await push({ ...entry, ...found }, head, urgent)
  }

  function report(before: OutboxEntry, entry: OutboxEntry): void {
    if (before.status === 'mined' && entry.status === 'pending') emit({ type: 'reorged', entry })
    else if (entry.status !== 'pending') emit({ type: entry.status, entry })
    const { id, nonce, status, inclusion } = entry
    log.info(
      { id, nonce, status, hash: inclusion?.hash, block: inclusion?.blockNumber },
      'a transaction moved on',
    )
  }

  /** Replaces a transaction that waits too long, or hands it in again if the node has forgotten it. */
  async function push(entry: OutboxEntry, head: Head, urgent: boolean): Promise<void> {
    const last = newest(entry)
    const limit = feeLimit(urgent)
    const fresh = freshFees(head.baseFeePerGas, await priority(), limit)
    // Sent under the ordinary limit, and in a hurry since: another block would be one lost.
    const isTooCheap = urgent && last.maxFeePerGas < fresh.maxFeePerGas
    if (!isTooCheap && head.number - last.atBlock < BigInt(urgent ? 1 : policy.stuckAfterBlocks)) {
      await remind(entry)
      return
    }
    const fees = raisedFees(last, fresh, limit)
    if (fees === undefined) {
      emit({ type: 'fee-limited', entry })
      await remind(entry)
      return
    }
    const attempt = await sign(entry.call, entry.nonce, fees, head)
    const next = { ...entry, attempts: [...entry.attempts, attempt], updatedAtMs: clock.now() }
    await outbox.update(next)
    await broadcast(next)
    emit({ type: 'replaced', entry: next })
  }

  async function remind(entry: OutboxEntry): Promise<void> {
    const { hash } = newest(entry)
    const known = await asking('eth_getTransactionByHash', () =>
      client.request({ method: 'eth_getTransactionByHash', params: [hash] }),
    )
    if (known === null) await broadcast(entry)
  }

  /**
   * Uses up a nonce that nothing holds while later ones wait for it. That happens when another program sends with the
   * same key and its transaction is dropped, or when an old backup was restored.
   */
  async function fillGap(isUrgent: (entry: OutboxEntry) => boolean): Promise<void> {
    const open = (await outbox.open()).filter(({ status }) => status === 'pending')
    const lowest = open[0]?.nonce
    if (lowest === undefined) return
    const next = await countWithPool()
    if (next >= lowest) return
    log.warn({ nonce: next, waiting: lowest }, 'a nonce is missing; it is used up by an empty transaction')
    const urgent = open.some(isUrgent)
    const call = { to: account.address, data: '0x', gas: 21_000n } as const
    await enter(call, { kind: 'filler', urgent, channels: [] }, next)
  }

  function feeLimit(urgent: boolean): bigint | undefined {
    return urgent ? policy.maxUrgentFeePerGas : policy.maxFeePerGas
  }

  async function priority(): Promise<bigint> {
    return await estimateMaxPriorityFeePerGas(client).catch(() => usualPriority)
  }

  return {
    submit,
    tick,
    gasPrice: async (head) => head.baseFeePerGas + (await priority()),
  }
}

/** The attempt that counts: earlier ones may still be included instead, with the same effect. */
export function newest(entry: OutboxEntry): Attempt {
  const attempt = entry.attempts.at(-1)
  if (attempt === undefined) throw new Error(`outbox entry ${entry.id} has no attempt`)
  return attempt
}
