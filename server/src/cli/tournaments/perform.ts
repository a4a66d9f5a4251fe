import { formatEther } from 'viem'
import { getGasPrice } from 'viem/actions'
import type { Hex } from '@sluice/sdk'
import { toSluiceError } from '@sluice/sdk/channel'
import { revertToSluiceError, type ContractCall, type PaymentPlan } from '@sluice/sdk/tournament'
import { revertData } from '../../chain/rpc.js'
import { announce } from '../announce.js'
import type { Context } from '../command.js'
import { resumeSent, sendKept, type Keeping } from '../sent.js'
import { layoutPairs } from '../table.js'
import { stateJson, statePairs } from './describe.js'
import type { OpenedForSending } from './open.js'
import type { SendOptions } from './options.js'

/** One thing that a verb does. */
export type Deed<Done> = {
  /** Distinguishes it from whatever else was sent about this tournament from this machine. */
  readonly purpose: string
  /** What happens, line by line. */
  readonly lines: readonly string[]
  /** The call, when it is one and takes no money in; its gas is estimated. */
  readonly call?: ContractCall
  /** How it is paid for, when it takes money in. */
  readonly plan?: PaymentPlan
  readonly send: (keeping: Keeping) => Promise<Done>
}

/** More than any call that pays into a tournament takes, approval included. */
const payingGas = 350_000n

/**
 * Shows what would be sent and what it costs, sends it when somebody says yes, and keeps its hash before it leaves.
 *
 * @param context the verb's
 * @param opened the tournament and who signs
 * @param deed what is done
 * @throws CommandError exit code 3 when nobody said yes
 */
export async function perform<Done>(
  context: Context<SendOptions>,
  opened: OpenedForSending,
  deed: Deed<Done>,
): Promise<Done> {
  const { purpose, lines, call, plan, send } = deed
  const { account, connection } = opened
  const costs = plan === undefined ? [] : await planLines(opened, plan)
  const announced = call === undefined ? undefined : { contract: 'Tournaments', call, orWhy }
  await announce(context, { connection, account }, [...lines, ...costs], announced)
  return await sendKept(context.output, opened, purpose, send)
}

/** What a verb does, and what it says afterwards; or what had been done by anybody. */
export type Errand<Done> =
  | (Omit<Deed<Done>, 'purpose'> & {
      readonly says: (done: Done) => string
      /** Added to the output for machines. */
      readonly value?: (done: Done) => Readonly<Record<string, unknown>>
    })
  | { readonly already: string; readonly value: Readonly<Record<string, unknown>> }

/**
 * Does what takes one transaction, unless an interrupted command did, and says where the tournament stands then.
 *
 * @param context the verb's
 * @param opened the tournament and who signs
 * @param verb
 * - `purpose`: as for {@link perform}
 * - `before`: what to say when an interrupted command did it
 * - `value`: of that, for machines
 * - `prepare`: checks what is to be done
 */
export async function doOnce<Done extends { readonly hash: Hex }>(
  context: Context<SendOptions>,
  opened: OpenedForSending,
  verb: {
    readonly purpose: string
    readonly before: string
    readonly value?: Readonly<Record<string, unknown>>
    readonly prepare: () => Promise<Errand<Done>>
  },
): Promise<void> {
  const { purpose, before, value = {}, prepare } = verb
  const earlier = await resumeSent(context.output, opened, purpose, 'send-anew')
  if (earlier !== undefined) {
    await tellDone(context, opened, { says: before, transactions: [earlier], value })
    return
  }
  const errand = await prepare()
  if ('already' in errand) {
    await tellDone(context, opened, { says: errand.already, transactions: [], value: errand.value })
    return
  }
  const done = await perform(context, opened, { ...errand, purpose })
  await tellDone(context, opened, {
    says: errand.says(done),
    transactions: [done.hash],
    value: { ...value, ...errand.value?.(done) },
  })
}

/**
 * Says that something was done, and where the tournament stands now.
 *
 * @param context the verb's
 * @param opened the tournament
 * @param done what to say; `transactions` are the ones that did it
 */
export async function tellDone(
  { output }: Context<SendOptions>,
  { actions, tournament, token }: OpenedForSending,
  done: {
    readonly says: string
    readonly transactions: readonly Hex[]
    readonly value?: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  const state = await actions.getTournament({ tournament })
  const { says, transactions, value = {} } = done
  output.result({ ...value, transactions, ...stateJson(state, token) }, () =>
    [
      says,
      layoutPairs(statePairs(tournament, state, token)),
      ...transactions.map((hash) => `transaction ${hash}`),
    ].join('\n'),
  )
}

async function planLines(
  { connection: { chain, client } }: OpenedForSending,
  { steps }: PaymentPlan,
): Promise<readonly string[]> {
  const cost = formatEther(payingGas * (await getGasPrice(client)))
  return [
    ...steps.map(({ title }, index) => `${index + 1} of ${steps.length}: ${title}`),
    `gas   at most ${payingGas}, ${cost} ${chain.nativeCurrency.symbol}`,
  ]
}

/** What a node answers, or why the contract refuses. */
async function orWhy<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    const data = revertData(error)
    throw data === undefined ? await toSluiceError(error) : revertToSluiceError(data, error)
  }
}
