import type { Account, TransactionReceipt } from 'viem'
import { getCapabilities, sendCalls, waitForCallsStatus } from 'viem/actions'
import { SluiceError } from '../../errors.js'
import type { ContractCall } from '../call.js'
import { chainNameOf, type ChainClient } from '../context.js'
import { awaitMined, type Mined, type WaitParameters } from '../transact.js'
import { TransactionUnknownError } from '../transactionUnknown.js'
import { isUnreachable, toSluiceError } from '../walletErrors.js'

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

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** The wallet takes no batches after all; nothing was sent. */
export class BatchRefused extends Error {
  override readonly name = 'BatchRefused'
}

/**
 * Sends several calls in one prompt and waits until they succeeded.
 *
 * @param client a wallet client
 * @param account who sends
 * @param calls in order
 * @param wait how their end is awaited
 * @throws BatchRefused when the wallet cannot, so that the calls may be sent one by one
 */
export async function sendBatch(
  client: ChainClient,
  account: Account,
  calls: readonly ContractCall[],
  wait: WaitParameters,
): Promise<Mined> {
  const id = await requestBatch(client, account, calls)
  await wait.onSubmitted?.({ kind: 'batch', id })
  const last = await awaitBatch(client, id, wait)
  return await awaitMined(client, last.transactionHash, wait)
}

async function requestBatch(
  client: ChainClient,
  account: Account,
  calls: readonly ContractCall[],
): Promise<string> {
  try {
    const { id } = await sendCalls(client, {
      account,
      chain: client.chain,
      calls: calls.map(({ to, data, value }) => ({ to, data, value })),
      forceAtomic: true,
    })
    return id
  } catch (error) {
    if (isUnreachable(error)) throw new TransactionUnknownError(undefined, error)
    if (cannotBatch(error)) throw new BatchRefused('the wallet takes no batch', { cause: error })
    throw toSluiceError(error, { chainName: chainNameOf(client) })
  }
}

const refusals: ReadonlySet<unknown> = new Set([
  -32601, // method not found
  -32602, // parameters not understood
  -32004, // method not supported
  4200, // method not supported by this provider
  5700, // capability not supported
  5740, // batch too large
  5750, // the person did not want the account upgraded
  5760, // atomicity not supported
])

function cannotBatch(error: unknown): boolean {
  const code = error instanceof Error ? (field(error.cause, 'code') ?? field(error, 'code')) : undefined
  return refusals.has(code)
}

async function awaitBatch(
  client: ChainClient,
  id: string,
  wait: WaitParameters,
): Promise<Pick<TransactionReceipt, 'transactionHash'>> {
  const submitted = { kind: 'batch', id } as const
  const status = await waitForCallsStatus(client, { id, timeout: wait.timeoutMs ?? 180_000 }).catch(
    (error: unknown) => {
      throw new TransactionUnknownError(submitted, error)
    },
  )
  const last = status.receipts?.at(-1)
  if (status.status === 'success' && last?.status === 'success') return last
  if (status.status === 'success') throw new TransactionUnknownError(submitted, new Error('no receipt'))
  throw new SluiceError({
    code: 'transaction-reverted',
    message: 'The payment failed. Only the network fee was charged.',
    details: `batch ${id} ended with status ${status.statusCode}`,
  })
}
