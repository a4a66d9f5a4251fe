import { toSluiceError, type ContractCall } from '@sluice/sdk/subscription'
import { announce as announceCall } from '../announce.js'
import type { Context } from '../command.js'
import type { OpenedForSending } from './open.js'
import type { SendOptions } from './options.js'

/**
 * Shows what would be sent and what it would cost, and goes on only when somebody says yes.
 *
 * @param context the verb's
 * @param opened the plan and who signs
 * @param about what happens, line by line, and the call
 * @throws CommandError exit code 3 when nobody said yes
 * @throws SluiceError why the call would fail
 */
export async function announce(
  context: Context<SendOptions>,
  opened: OpenedForSending,
  about: { readonly lines: readonly string[]; readonly call?: ContractCall },
): Promise<void> {
  const { lines, call } = about
  const announced = call === undefined ? undefined : { contract: 'Subscriptions', call, orWhy }
  await announceCall(context, opened, lines, announced)
}

async function orWhy<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return await answer.catch(async (error: unknown) => {
    throw await toSluiceError(error)
  })
}
