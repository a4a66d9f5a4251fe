import type { Hex } from '@sluice/sdk'
import {
  getOrder,
  toSluiceError,
  type ContractCall,
  type KeptPayment,
  type WaitParameters,
} from '@sluice/sdk/escrow'
import { jsonAmount, showAmount, showMoment } from '../amounts.js'
import { announce } from '../announce.js'
import type { Context } from '../command.js'
import { resumeSent, sendKept } from '../sent.js'
import { layoutPairs } from '../table.js'
import { keptLine, stateJson, statePairs } from './describe.js'
import type { OpenedForSending } from './open.js'
import type { SendOptions } from './options.js'

/** Something that came of a transaction: an amount in base units, or a second. */
export type Outcome = { readonly name: string } & (
  | { readonly amount: bigint; readonly second?: undefined }
  | { readonly second: number; readonly amount?: undefined }
)

/** What a verb does. */
export type Work<Receipt> = {
  /** As typed, such as `capture`. */
  readonly verb: string
  /** How much of it, base units, where one order may see the verb again: another amount is another purpose. */
  readonly amount?: bigint
  /** What would happen, in words, and the call where it can be tried before. */
  readonly prepare: () => Promise<{ readonly lines: readonly string[]; readonly call?: ContractCall }>
  readonly send: (wait: WaitParameters) => Promise<Receipt>
  readonly outcome: (receipt: Receipt) => readonly Outcome[]
}

/** What every action of the SDK tells. */
type AnyReceipt = { readonly hash: Hex; readonly kept?: readonly KeptPayment[] }

/**
 * Does what a verb is for: goes on with what an earlier run sent, else shows what would happen, asks, remembers the
 * transaction before it leaves, and tells what came of it.
 *
 * @param context the verb's
 * @param opened the order and who signs
 * @param work what to do
 */
export async function carryOut<Receipt extends AnyReceipt>(
  context: Context<SendOptions>,
  opened: OpenedForSending,
  { verb, amount, prepare, send, outcome }: Work<Receipt>,
): Promise<void> {
  const { output, options } = context
  const purpose = amount === undefined ? verb : `${verb} ${amount}`
  // The contract takes part of an order as often as it is asked, so what may still be mined is not sent again.
  const before = await resumeSent(output, opened, purpose, options.forget === true ? 'send-anew' : 'refuse')
  if (before !== undefined) {
    output.progress(`"${verb}" was sent before and went through; nothing was sent now`)
    await tell(context, opened, { hash: before }, [], true)
    return
  }
  const { lines, call } = await prepare()
  const announced = call === undefined ? undefined : { contract: 'Escrow', call, orWhy }
  await announce(context, opened, lines, announced)
  const receipt = await sendKept(output, opened, purpose, send)
  for (const kept of receipt.kept ?? []) output.warn(keptLine(kept, opened.token))
  await tell(context, opened, receipt, outcome(receipt), false)
}

async function tell(
  { output }: Context<SendOptions>,
  { connection, contract, order, orderId, token }: OpenedForSending,
  { hash, kept = [] }: AnyReceipt,
  outcomes: readonly Outcome[],
  resumed: boolean,
): Promise<void> {
  const state = await getOrder(connection.client, { contract, order })
  const json = outcomes.map(({ name, amount, second }) => [
    name,
    amount === undefined ? second : jsonAmount(amount, token),
  ])
  const pairs = outcomes.map(
    ({ name, amount, second }) =>
      [spaced(name), amount === undefined ? showMoment(second) : showAmount(amount, token)] as const,
  )
  output.result(
    {
      orderId,
      resumed,
      transaction: hash,
      outcome: Object.fromEntries(json) as Readonly<Record<string, unknown>>,
      kept: kept.map(({ account, amount }) => ({ account, ...jsonAmount(amount, token) })),
      ...stateJson(state, token),
    },
    () =>
      [
        ...(pairs.length === 0 ? [] : [layoutPairs(pairs), '']),
        layoutPairs(statePairs(state, token)),
        `transaction ${hash}`,
      ].join('\n'),
  )
}

async function orWhy<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return await answer.catch(async (error: unknown) => {
    throw await toSluiceError(error)
  })
}

/** `toReceiver` as `to receiver`. */
function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
