import type { Account } from 'viem'
import { getCapabilities } from 'viem/actions'
import type { ChainClient } from '../chain/context.js'

/** What a wallet says about several calls at once (EIP-5792). */
export type BatchSupport = {
  readonly atomic: boolean
  /** Whether the wallet can have somebody else pay for the gas. */
  readonly sponsored: boolean
}

/**
 * Asks a wallet whether it takes several calls in one prompt. A wallet that does not know the question does not.
 *
 * @param client a wallet client
 * @param account who would send
 * @param chainId the chain's
 */
export async function readBatchSupport(
  client: ChainClient,
  account: Account,
  chainId: number,
): Promise<BatchSupport> {
  if (account.type !== 'json-rpc') return { atomic: false, sponsored: false }
  const told: unknown = await getCapabilities(client, { account, chainId }).catch(() => undefined)
  const status = field(field(told, 'atomic'), 'status')
  return {
    // `ready`: the wallet upgrades the account on the way, within the same prompt.
    atomic:
      status === 'supported' || status === 'ready' || field(field(told, 'atomicBatch'), 'supported') === true,
    sponsored: field(field(told, 'paymasterService'), 'supported') === true,
  }
}

/** A field of whatever a wallet said; undefined when there is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** The wallet takes no batches after all; nothing was sent. */
export class BatchRefused extends Error {
  override readonly name = 'BatchRefused'
}
