import type { Address, Hex } from '@sluice/sdk'

/** What a settlement transaction brings to the chain. */
export type Purpose = {
  /** A `filler` does nothing but use a nonce that others wait for. */
  readonly kind: 'claim' | 'close' | 'charge' | 'filler'
  /** A requested close matures soon, so cost matters less than time. */
  readonly urgent: boolean
  /** The payee's new total by channel, base units; for a charge, the price by subscription. */
  readonly channels: readonly { readonly channelId: Hex; readonly amount: bigint }[]
}

/** One signed version of a transaction. A replacement is a further attempt with the same nonce. */
export type Attempt = {
  readonly hash: Hex
  /** Signed and serialised. */
  readonly raw: Hex
  /** Wei. */
  readonly maxFeePerGas: bigint
  /** Wei. */
  readonly maxPriorityFeePerGas: bigint
  /** The latest block when it was signed. */
  readonly atBlock: bigint
}

/** The block that holds one of the attempts. */
export type Inclusion = {
  readonly hash: Hex
  readonly blockNumber: bigint
  readonly blockHash: Hex
  readonly success: boolean
  readonly gasUsed: bigint
  /** Wei. */
  readonly effectiveGasPrice: bigint
}

/**
 * - `pending`: signed and stored; it may or may not have reached the network. Unknown is not failed.
 * - `mined`: an attempt is in a block that is not yet deep enough; a reorganisation makes it `pending` again.
 * - `confirmed`: an attempt succeeded, deep enough. Final.
 * - `reverted`: an attempt was included and failed, deep enough. Final; its gas is gone.
 * - `lost`: the nonce is used, deep enough, and not by an attempt the node knows: another transaction of the same sender
 *   took it. Final; what it was to bring is planned anew from what the chain says.
 */
export type OutboxStatus = 'pending' | 'mined' | 'confirmed' | 'reverted' | 'lost'

/** A settlement transaction from before it leaves until it is final. */
export type OutboxEntry = {
  /** Given by the outbox; rises. */
  readonly id: number
  readonly chainId: number
  readonly sender: Address
  readonly nonce: number
  readonly call: { readonly to: Address; readonly data: Hex; readonly gas: bigint }
  readonly purpose: Purpose
  /** Oldest first; never empty. */
  readonly attempts: readonly Attempt[]
  readonly status: OutboxStatus
  readonly inclusion: Inclusion | undefined
  /** Milliseconds since 1970. */
  readonly createdAtMs: number
  /** Milliseconds since 1970. */
  readonly updatedAtMs: number
}

/** Settlement transactions. Durable when the promise resolves. */
export type Outbox = {
  /** Stores a new entry and gives it its id. */
  readonly add: (entry: Omit<OutboxEntry, 'id'>) => Promise<OutboxEntry>
  /** Replaces the entry with the same id. */
  readonly update: (entry: OutboxEntry) => Promise<void>
  readonly get: (id: number) => Promise<OutboxEntry | undefined>
  /** Entries that are not final, lowest nonce first. */
  readonly open: () => Promise<readonly OutboxEntry[]>
  /** Final entries that became so at or after a time in milliseconds, oldest first. */
  readonly finished: (sinceMs: number) => Promise<readonly OutboxEntry[]>
}

/** Whether nothing will change about an entry any more. */
export function isFinal(status: OutboxStatus): boolean {
  return status === 'confirmed' || status === 'reverted' || status === 'lost'
}
