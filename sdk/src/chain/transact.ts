import { keccak256, type Account, type LocalAccount, type Log, type TransactionReceipt } from 'viem'
import {
  call as callContract,
  getChainId,
  prepareTransactionRequest,
  sendRawTransaction,
  sendTransaction,
  signTransaction,
  waitForTransactionReceipt,
} from 'viem/actions'
import { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import type { ContractCall } from './call.js'
import { contextOf, type AccountParameters, type ChainClient, type ReadParameters } from './context.js'
import { preflight } from './preflight.js'
import type { Product } from './product.js'
import { TransactionUnknownError, type Submitted } from './transactionUnknown.js'
import { isUnreachable, revertDataOf } from './walletErrors.js'
import { toSluiceError } from './toSluiceError.js'

/** What every action that sends takes. */
export type WriteParameters = ReadParameters & AccountParameters & WaitParameters

/** How the end of a transaction is awaited. */
export type WaitParameters = {
  /**
   * Told what was submitted before it is waited for, and awaited. With a local account it is called even before the
   * transaction leaves, so that a hash that was stored here is never missing after a crash.
   */
  readonly onSubmitted?: ((submitted: Submitted) => void | Promise<void>) | undefined
  /** Blocks, the transaction's own included; default 1. */
  readonly confirmations?: number | undefined
  /** How long to wait for the receipt before giving up with `transaction-unknown`, milliseconds; default 180,000. */
  readonly timeoutMs?: number | undefined
}

/** A transaction that succeeded. */
export type Mined = {
  readonly hash: Hex
  readonly blockNumber: bigint
  readonly logs: readonly Log[]
}

/**
 * Sends one call and waits until it succeeded: plays it through first, tells the hash, waits for the receipt and reads
 * its status.
 *
 * @param client a wallet client
 * @param account who sends
 * @param request the call
 * @param product whose reverts are read
 * @param wait how its end is awaited
 * @throws SluiceError before anything was sent; `TransactionUnknownError` when it was and its fate is open
 */
export async function transact(
  client: ChainClient,
  account: Account,
  request: ContractCall,
  product: Product,
  wait: WaitParameters,
): Promise<Mined> {
  await preflight(client, account.address, request, product)
  const hash =
    account.type === 'local'
      ? await sendSigned(client, account, request, product, wait)
      : await sendThroughWallet(client, account, request, product, wait)
  return await awaitMined(client, hash, wait, { from: account.address, request, product })
}

/** The wallet signs and broadcasts; the hash is known once it answers. */
async function sendThroughWallet(
  client: ChainClient,
  account: Account,
  { to, data, value }: ContractCall,
  product: Product,
  wait: WaitParameters,
): Promise<Hex> {
  const chain = client.chain ?? null
  const hash = await sendTransaction(client, { account, chain, to, data, value }).catch(
    async (error: unknown) => {
      if (isUnreachable(error)) throw new TransactionUnknownError(undefined, error)
      throw await toSluiceError(error, contextOf(client, product))
    },
  )
  await wait.onSubmitted?.({ kind: 'transaction', hash })
  return hash
}

/** Signed here, so the hash is known and told before the transaction leaves. */
async function sendSigned(
  client: ChainClient,
  account: LocalAccount,
  request: ContractCall,
  product: Product,
  wait: WaitParameters,
): Promise<Hex> {
  const serialized = await sign(client, account, request, product)
  const hash = keccak256(serialized)
  await wait.onSubmitted?.({ kind: 'transaction', hash })
  try {
    await sendRawTransaction(client, { serializedTransaction: serialized })
  } catch (error) {
    if (isUnreachable(error)) throw new TransactionUnknownError({ kind: 'transaction', hash }, error)
    await forgetNonce(client, account)
    throw await toSluiceError(error, contextOf(client, product))
  }
  return hash
}

async function sign(
  client: ChainClient,
  account: LocalAccount,
  { to, data, value }: ContractCall,
  product: Product,
): Promise<Hex> {
  try {
    const { nonceManager } = account
    const { chain = null } = client
    const request = {
      account,
      chain,
      to,
      data,
      value,
      ...(nonceManager === undefined ? {} : { nonceManager }),
    }
    const prepared = await prepareTransactionRequest(client, request)
    return await signTransaction(client, prepared)
  } catch (error) {
    await forgetNonce(client, account)
    throw await toSluiceError(error, contextOf(client, product))
  }
}

/** A nonce that was taken for a transaction which never left would hold up every later one. */
async function forgetNonce(client: ChainClient, account: LocalAccount): Promise<void> {
  if (account.nonceManager === undefined) return
  const chainId = client.chain?.id ?? (await getChainId(client).catch(() => undefined))
  if (chainId !== undefined) account.nonceManager.reset({ address: account.address, chainId })
}

/** What to play again when a transaction reverted, to learn why. */
type Replay = { readonly from: Address; readonly request: ContractCall; readonly product: Product }

/**
 * Waits for a transaction that somebody sent and reads its status.
 *
 * @param client any viem client
 * @param hash the transaction's
 * @param wait how long, and for how many blocks
 * @param replay what to play again when it reverted
 */
export async function awaitMined(
  client: ChainClient,
  hash: Hex,
  wait: WaitParameters,
  replay?: Replay,
): Promise<Mined> {
  const replacements: string[] = []
  const receipt: TransactionReceipt = await waitForTransactionReceipt(client, {
    hash,
    confirmations: wait.confirmations ?? 1,
    timeout: wait.timeoutMs ?? 180_000,
    onReplaced: ({ reason }) => {
      replacements.push(reason)
    },
  }).catch((error: unknown) => {
    throw new TransactionUnknownError({ kind: 'transaction', hash }, error)
  })
  // `repriced` is the same payment with a higher fee.
  if (replacements.some((reason) => reason !== 'repriced'))
    throw replacedByUser(hash, receipt.transactionHash)
  if (receipt.status === 'reverted') throw await revertReason(client, receipt, replay)
  return { hash: receipt.transactionHash, blockNumber: receipt.blockNumber, logs: receipt.logs }
}

function replacedByUser(hash: Hex, by: Hex): SluiceError {
  return new SluiceError({
    code: 'wallet-rejected',
    message: 'You cancelled. Nothing was charged.',
    details: `transaction ${hash} was replaced by ${by} in the wallet`,
    action: 'retry',
    retryable: true,
  })
}

async function revertReason(
  client: ChainClient,
  receipt: TransactionReceipt,
  replay: Replay | undefined,
): Promise<SluiceError> {
  const details = `transaction ${receipt.transactionHash} reverted in block ${receipt.blockNumber}`
  const message = 'The transaction failed on the chain. Only the network fee was charged.'
  const cause = replay === undefined ? undefined : await whyItReverted(client, receipt.blockNumber, replay)
  if (cause?.code !== undefined && revertDataOf(cause) !== undefined) {
    const { code, action, retryable } = cause
    return new SluiceError({
      code,
      message,
      details: `${details}: ${cause.details ?? ''}`,
      action,
      retryable,
      cause,
    })
  }
  return new SluiceError({ code: 'transaction-reverted', message, details, cause })
}

async function whyItReverted(
  client: ChainClient,
  blockNumber: bigint,
  { from, request: { to, data, value }, product }: Replay,
): Promise<SluiceError | undefined> {
  try {
    await callContract(client, { account: from, to, data, value, blockNumber })
    return undefined
  } catch (error) {
    return await toSluiceError(error, contextOf(client, product))
  }
}
