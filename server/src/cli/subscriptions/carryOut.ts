import type { Hex } from '@sluice/sdk'
import { toSluiceError, type ContractCall } from '@sluice/sdk/subscription'
import { announce } from '../announce.js'
import type { Context } from '../command.js'
import { resumeSent, sendKept, type Keeping } from '../sent.js'
import type { OpenedForSending } from './open.js'
import type { SendOptions } from './options.js'

/** What a verb does. */
export type Work<Receipt> = {
  /** Distinguishes it from whatever else the account sends about the plan. */
  readonly purpose: string
  /** What would happen, in words, and the call where it can be tried before. */
  readonly prepare: () => Promise<{ readonly lines: readonly string[]; readonly call?: ContractCall }>
  readonly send: (keeping: Keeping) => Promise<Receipt>
}

/** The transaction that did it; without a receipt, an interrupted command had sent it. */
export type Carried<Receipt> = { readonly hash: Hex; readonly receipt: Receipt | undefined }

/**
 * Does what a verb is for: goes on with what an interrupted command sent, else shows what would happen, asks, and keeps
 * the transaction before it leaves.
 *
 * @param context the verb's
 * @param opened the plan and who signs
 * @param work what to do
 * @throws CommandError exit code 3 when nobody said yes
 * @throws SluiceError why the call would fail
 */
export async function carryOut<Receipt extends { readonly hash: Hex }>(
  context: Context<SendOptions>,
  opened: OpenedForSending,
  { purpose, prepare, send }: Work<Receipt>,
): Promise<Carried<Receipt>> {
  const { output } = context
  // The contract refuses a charge that is not due, as all else that was done before.
  const before = await resumeSent(output, opened, purpose, 'send-anew')
  if (before !== undefined) {
    output.progress('it was sent before and went through; nothing was sent now')
    return { hash: before, receipt: undefined }
  }
  const { lines, call } = await prepare()
  const announced = call === undefined ? undefined : { contract: 'Subscriptions', call, orWhy }
  await announce(context, opened, lines, announced)
  const receipt = await sendKept(output, opened, purpose, send)
  return { hash: receipt.hash, receipt }
}

async function orWhy<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return await answer.catch(async (error: unknown) => {
    throw await toSluiceError(error)
  })
}
