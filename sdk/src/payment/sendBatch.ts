import type { Account, TransactionReceipt } from 'viem'
import { sendCalls, waitForCallsStatus } from 'viem/actions'
import { SluiceError } from '../errors.js'
import type { ContractCall } from '../chain/call.js'
import { contextOf, type ChainClient } from '../chain/context.js'
import type { Product } from '../chain/product.js'
import { toSluiceError } from '../chain/toSluiceError.js'
import { awaitMined, type Mined, type WaitParameters } from '../chain/transact.js'
import { TransactionUnknownError } from '../chain/transactionUnknown.js'
import { isUnreachable } from '../chain/walletErrors.js'
import { BatchRefused, field } from './batching.js'

/**
 * Sends several calls in one prompt and waits until they succeeded.
 *
 * @param client a wallet client
 * @param account who sends
 * @param calls in order
 * @param product whose reverts are read
 * @param wait how their end is awaited
 * @throws BatchRefused when the wallet cannot, so that the calls may be sent one by one
 */
export async function sendBatch(
  client: ChainClient,
  account: Account,
  calls: readonly ContractCall[],
  product: Product,
  wait: WaitParameters,
): Promise<Mined> {
  const id = await requestBatch(client, account, calls, product)
  await wait.onSubmitted?.({ kind: 'batch', id })
  const last = await awaitBatch(client, id, wait)
  return await awaitMined(client, last.transactionHash, wait)
}

async function requestBatch(
  client: ChainClient,
  account: Account,
  calls: readonly ContractCall[],
  product: Product,
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
    throw await toSluiceError(error, contextOf(client, product))
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
