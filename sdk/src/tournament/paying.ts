import type { Account } from 'viem'
import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { SluiceError } from '../errors.js'
import { chainTime, isSame } from '../payment/prepare.js'
import {
  payProduct,
  planProductPayment,
  signProductPayment,
  type PaymentPlan,
  type ProductPayable,
  type ProductPaymentMethod,
  type ProductPaymentParameters,
  type SignedProductPayment,
} from '../payment/productPayment.js'
import type { Address, Deployment, Hex } from '../types.js'
import type { OfTournament } from './call.js'
import { readState } from './getTournament.js'
import { tournaments } from './product.js'
import { tournamentId } from './tournamentId.js'
import type { MinedCall } from './transaction.js'
import type { Tournament, TournamentState } from './types.js'

/** What every action takes that pays something into a tournament. */
export type PayTournamentParameters = ProductPaymentParameters & { readonly tournament: Tournament }

/** A tournament as the chain tells it, before something is paid into it. */
export type Situation = {
  readonly deployment: Deployment
  readonly tournamentId: Hex
  readonly tournament: Tournament
  readonly state: TournamentState
  /** The present second. */
  readonly now: bigint
  /** Who pays. */
  readonly payer: Address
}

/** How one action pays into a tournament. */
export type PayingAction = {
  /** For a prompt's title, such as `stake`. */
  readonly verb: string
  /** Base units. */
  readonly amount: bigint
  /** Gas that is surely enough for what it does beyond a deposit. */
  readonly extraGas: bigint
  /** What a signature is bound to. */
  readonly purpose: (situation: Situation) => Hex
  /** Throws what would make it fail, so that nobody signs in vain. */
  readonly check: (client: ChainClient, situation: Situation) => void | Promise<void>
  readonly call: (of: OfTournament & { readonly payment: Hex }, payer: Address) => ContractCall
}

type Prepared = {
  readonly account: Account
  readonly situation: Situation
  readonly payable: ProductPayable
}

/**
 * Pays for an action in the way that costs the fewest prompts, or sends it with what the payer signed before.
 *
 * @param client a wallet client
 * @param parameters the terms, and how to pay
 * @param action what is paid for
 */
export async function payTournament(
  client: ChainClient,
  parameters: PayTournamentParameters,
  action: PayingAction,
): Promise<MinedCall & { readonly method: ProductPaymentMethod }> {
  const { account, situation, payable } = await prepare(client, parameters, action)
  const mined = await payProduct(client, account, payable, parameters)
  const { deployment, tournamentId: id } = situation
  return { ...mined, deployment, tournamentId: id, sender: account.address }
}

/**
 * Says what an action will ask of the person before the first prompt.
 *
 * @param client a wallet client
 * @param parameters as for the action
 * @param action what would be paid for
 */
export async function planTournamentPayment(
  client: ChainClient,
  parameters: PayTournamentParameters,
  action: PayingAction,
): Promise<PaymentPlan> {
  const { account, payable } = await prepare(client, parameters, action)
  return await planProductPayment(client, account, payable, parameters)
}

/**
 * Signs a payment for somebody else to submit: one prompt and no gas.
 *
 * @param client a wallet client of the payer
 * @param parameters as for the action
 * @param action what is paid for
 */
export async function signTournamentPayment(
  client: ChainClient,
  parameters: PayTournamentParameters,
  action: PayingAction,
): Promise<SignedProductPayment> {
  const { account, payable } = await prepare(client, parameters, action)
  return await signProductPayment(client, account, payable, parameters)
}

async function prepare(
  client: ChainClient,
  parameters: PayTournamentParameters,
  action: PayingAction,
): Promise<Prepared> {
  const { tournament } = parameters
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, tournaments)
  const id = tournamentId({ ...deployment, tournament })
  const [state, now] = await Promise.all([
    readState(client, deployment, id),
    parameters.now ?? chainTime(client),
  ])
  const payer = account.address
  const situation: Situation = { deployment, tournamentId: id, tournament, state, now, payer }
  await action.check(client, situation)
  const { verb, amount, extraGas } = action
  const of = { contract: deployment.contract, tournament }
  return {
    account,
    situation,
    payable: {
      product: tournaments,
      deployment,
      token: tournament.token,
      amount,
      payer,
      purpose: action.purpose(situation),
      verb,
      extraGas,
      call: (payment) => action.call({ ...of, payment }, payer),
    },
  }
}

/**
 * Checks that players, sponsors and money can still come in.
 *
 * @param situation as the chain tells it
 * @throws SluiceError `unknown-tournament`, `wrong-stage`, `deadline-passed`
 */
export function requireJoinable({ tournament, tournamentId: id, state, now }: Situation): void {
  requireStage(id, state, 'open')
  requireBefore(id, 'joinDeadline', tournament.joinDeadline, now)
}

/**
 * Checks where a tournament stands.
 *
 * @param id the tournament's
 * @param state as the chain tells it
 * @param needed the stage in which the action works
 * @throws SluiceError `unknown-tournament`, `wrong-stage`
 */
export function requireStage(id: Hex, { stage }: TournamentState, needed: TournamentState['stage']): void {
  if (stage === needed) return
  const details = `tournament ${id}: stage ${stage}, needed ${needed}`
  if (stage === 'none') {
    const message = 'There is no such tournament on this chain.'
    throw new SluiceError({ code: 'unknown-tournament', message, details })
  }
  const message = `The tournament is ${stage}, so this cannot be done.`
  throw new SluiceError({ code: 'wrong-stage', message, details })
}

/**
 * Checks a deadline.
 *
 * @param id the tournament's
 * @param name of the deadline
 * @param deadline first second that is too late
 * @param now the present second
 * @throws SluiceError `deadline-passed`
 */
export function requireBefore(id: Hex, name: string, deadline: number, now: bigint): void {
  if (now < BigInt(deadline)) return
  const details = `tournament ${id}: ${name} ${deadline}, now ${now}`
  throw new SluiceError({ code: 'deadline-passed', message: 'It is too late for that.', details })
}

/**
 * Checks that the host itself pays, or that it signed before.
 *
 * @param parameters what was signed, if anything
 * @param situation who would pay
 * @throws SluiceError `not-allowed`
 */
export function requireHost(
  { payment }: PayTournamentParameters,
  { tournament: { host }, payer }: Situation,
): void {
  if (payment !== undefined || isSame(payer, host)) return
  throw new SluiceError({
    code: 'not-allowed',
    message: 'Only the host creates its tournament. Nothing was charged.',
    details: `account ${payer}, host ${host}; pass what the host signed as "payment"`,
  })
}
