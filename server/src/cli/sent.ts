import {
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  type LocalAccount,
  type TransactionReceipt,
} from 'viem'
import { getTransaction, getTransactionReceipt, waitForTransactionReceipt } from 'viem/actions'
import { SluiceError, type Hex } from '@sluice/sdk'
import { toSluiceError, TransactionUnknownError, type Submitted } from '@sluice/sdk/channel'
import type { ChainConnection } from './chain.js'
import { CommandError, exitCodes, failure } from './exit.js'
import type { Journal } from './journal.js'
import type { Output } from './output.js'

/** Who sends, and where it is noted. */
export type Sender = {
  readonly connection: ChainConnection
  readonly account: LocalAccount
  readonly journal: Journal
}

/** How an action's end is awaited, so that a command that was interrupted goes on where it was. */
export type Keeping = { readonly onSubmitted: (submitted: Submitted) => Promise<void> }

/**
 * What to do when the node does not know a transaction that was signed before. It may still be mined:
 *
 * - `send-anew`: where the contract refuses to do the same thing twice
 * - `refuse`: where it would do it
 */
export type WhenUnknown = 'send-anew' | 'refuse'

/**
 * Sends something for a purpose and keeps its hash before it leaves, until its fate is known.
 *
 * @param output told the hash
 * @param sender who sends, and where it is noted
 * @param purpose distinguishes it from whatever else this account sends about the same terms
 * @param send the action
 */
export async function sendKept<Done>(
  output: Output,
  sender: Sender,
  purpose: string,
  send: (keeping: Keeping) => Promise<Done>,
): Promise<Done> {
  const { journal } = sender
  const key = keyOf(sender, purpose)
  const done = await send({
    onSubmitted: async (submitted) => {
      if (submitted.kind !== 'transaction') return
      await journal.sending(key, submitted.hash)
      output.progress(`sent ${submitted.hash}`)
    },
  }).catch(async (error: unknown) => {
    const hash = journal.pending(key)
    if (error instanceof TransactionUnknownError && hash !== undefined) throw stillUnknown(hash, error)
    // Only a transaction whose fate is open is worth remembering.
    if (error instanceof SluiceError && !(error instanceof TransactionUnknownError))
      await journal.settled(key)
    throw error
  })
  await journal.settled(key)
  return done
}

/**
 * What became of the transaction that an interrupted command had sent for the same purpose, waiting for it when it is
 * still on its way.
 *
 * @param output told what is waited for
 * @param sender who sends
 * @param purpose as for {@link sendKept}
 * @param whenUnknown see {@link WhenUnknown}
 * @returns its hash when it went through; undefined when there is none, or nothing came of it
 */
export async function resumeSent(
  output: Output,
  sender: Sender,
  purpose: string,
  whenUnknown: WhenUnknown,
): Promise<Hex | undefined> {
  const key = keyOf(sender, purpose)
  const { connection, journal } = sender
  const hash = journal.pending(key)
  if (hash === undefined) return undefined
  const receipt = await fateOf(connection, hash, output)
  if (receipt === undefined && whenUnknown === 'refuse') {
    throw failure(
      `Transaction ${hash} was signed before, and the node does not know it.`,
      'Try again later, or add --forget when you are sure that it will never be mined.',
      { details: `it was signed for "${purpose}"` },
    )
  }
  await journal.settled(key)
  if (receipt?.status === 'success') return hash
  const what = receipt === undefined ? 'is not known to the node any more' : 'failed'
  output.warn(`Transaction ${hash}, sent before on ${connection.chain.name}, ${what}. It is sent anew.`)
  return undefined
}

/** Only a node that answers can say that it does not know a transaction. */
async function fateOf(
  { client }: ChainConnection,
  hash: Hex,
  output: Output,
): Promise<TransactionReceipt | undefined> {
  const receipt = await knownOf(getTransactionReceipt(client, { hash }), TransactionReceiptNotFoundError)
  if (receipt !== undefined) return receipt
  if ((await knownOf(getTransaction(client, { hash }), TransactionNotFoundError)) === undefined)
    return undefined
  output.progress(`waiting for transaction ${hash}, which was sent before`)
  return await waitForTransactionReceipt(client, { hash }).catch((cause: unknown) => {
    throw stillUnknown(hash, cause)
  })
}

async function knownOf<Answer>(
  answer: Promise<Answer>,
  missing: abstract new (...args: never) => Error,
): Promise<Answer | undefined> {
  return await answer.catch(async (error: unknown) => {
    if (error instanceof missing) return undefined
    throw await toSluiceError(error)
  })
}

function stillUnknown(hash: Hex, cause: unknown): CommandError {
  return new CommandError({
    exitCode: exitCodes.failed,
    code: 'transaction-unknown',
    message: `Transaction ${hash} was sent, and whether it went through is not known yet.`,
    advice: 'Run the same command again in a while: it looks what became of it, and sends nothing twice.',
    cause,
  })
}

function keyOf({ account }: Sender, purpose: string): string {
  return `${purpose} ${account.address.toLowerCase()}`
}
