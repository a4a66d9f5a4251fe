import { readFile, rm } from 'node:fs/promises'
import { TransactionNotFoundError, TransactionReceiptNotFoundError, type TransactionReceipt } from 'viem'
import { getTransaction, getTransactionReceipt, waitForTransactionReceipt } from 'viem/actions'
import { z } from 'zod'
import type { Hex } from '@sluice/sdk'
import type { ChainConnection } from './chain.js'
import { failure } from './exit.js'
import { writeNewFile } from './files.js'
import type { Output } from './output.js'

/** A transaction that a verb sent, or was about to send. */
export type Sent = { readonly verb: string; readonly hash: Hex }

/** Where a verb remembers what it sends, so that a run that was interrupted never sends it twice. */
export type SentNote = {
  readonly connection: ChainConnection
  readonly output: Output
  /** Of the note. */
  readonly path: string
  /** Forgets what the node does not know. */
  readonly forget: boolean
}

const schema = z.strictObject({
  verb: z.string(),
  hash: z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)]),
})

/**
 * Remembers a transaction before it leaves.
 *
 * @param note where
 * @param sent the verb and its transaction
 */
export async function rememberSent({ path }: SentNote, sent: Sent): Promise<void> {
  await writeNewFile(path, `${JSON.stringify(sent)}\n`, { mode: 0o644, force: true })
}

/**
 * Forgets a transaction whose end is known.
 *
 * @param note where it was remembered
 */
export async function forgetSent({ path }: SentNote): Promise<void> {
  await rm(path, { force: true })
}

/**
 * Finds out what became of the transaction that an earlier run sent, waiting for it when it is still on its way.
 *
 * @param note where it was remembered
 * @returns the transaction when it went through; undefined when there was none, or it failed
 * @throws CommandError exit code 1 when the node does not know it: it may still be mined
 */
export async function settleSent(note: SentNote): Promise<Sent | undefined> {
  const sent = await readSent(note)
  if (sent === undefined) return undefined
  const receipt = await receiptOf(note, sent)
  await forgetSent(note)
  if (receipt?.status === 'success') return sent
  if (receipt?.status === 'reverted') {
    note.output.warn(`"${sent.verb}" was sent before as ${sent.hash} and failed on the chain.`)
  }
  return undefined
}

async function readSent({ path }: SentNote): Promise<Sent | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw failure(`${path} does not say what was sent.`, 'Remove it when nothing is on its way.', { cause })
  }
}

/** Undefined: the node does not know it, and it is to be forgotten. */
async function receiptOf(
  { connection, output, forget, path }: SentNote,
  { verb, hash }: Sent,
): Promise<TransactionReceipt | undefined> {
  const { client } = connection
  const receipt = await orUndefined(getTransactionReceipt(client, { hash }), TransactionReceiptNotFoundError)
  if (receipt !== undefined) return receipt
  if ((await orUndefined(getTransaction(client, { hash }), TransactionNotFoundError)) !== undefined) {
    output.progress(`"${verb}" was sent before as ${hash}; waiting for it`)
    return await waitForTransactionReceipt(client, { hash })
  }
  if (forget) return undefined
  throw failure(
    `"${verb}" was signed before as ${hash}, and the node does not know it.`,
    'Try again later, or add --forget when you are sure that it will never be mined.',
    { details: `remembered in ${path}` },
  )
}

async function orUndefined<Answer>(
  answer: Promise<Answer>,
  missing: abstract new (...args: never) => Error,
): Promise<Answer | undefined> {
  return await answer.catch((error: unknown) => {
    if (error instanceof missing) return undefined
    throw error
  })
}
