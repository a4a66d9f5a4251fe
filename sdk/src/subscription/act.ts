import type { Account } from 'viem'
import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { keptPayments, type KeptPayment } from '../chain/owed.js'
import { transact, type Mined, type WriteParameters } from '../chain/transact.js'
import type { Address, Deployment, Hex } from '../types.js'
import { planId, subscriptionId } from './ids.js'
import { subscriptions } from './product.js'
import type { Consent, Plan } from './types.js'

/** A plan and where `Subscriptions` is: what every call is built from. */
export type OfPlan = { readonly contract: Address; readonly plan: Plan }

/** A subscription, and how its subscriber agrees when somebody else submits. */
export type OfSubscription = OfPlan & {
  readonly subscriber: Address
  readonly consent?: Consent | undefined
}

/** What every action on a plan takes. */
export type PlanParameters = WriteParameters & { readonly plan: Plan }

/** What every action on a subscription takes. */
export type SubscriptionParameters = PlanParameters & {
  /** Default: the account. */
  readonly subscriber?: Address | undefined
  /** The subscriber's signature, see `signConsent`; default: the account is the subscriber. */
  readonly consent?: Consent | undefined
}

/** A transaction about a plan that succeeded. */
export type PlanReceipt = { readonly planId: Hex; readonly hash: Hex; readonly blockNumber: bigint }

/** A transaction about a subscription that succeeded. */
export type SubscriptionReceipt = PlanReceipt & {
  readonly subscriptionId: Hex
  readonly subscriber: Address
  /** What could not be paid to merchant or keeper and is kept for them: see `withdrawOwed`. */
  readonly kept: readonly KeptPayment[]
}

/** A transaction about a plan, and what it is read by. */
export type PlanTransaction = {
  readonly account: Account
  readonly deployment: Deployment
  readonly mined: Mined
  readonly receipt: PlanReceipt
}

/**
 * Sends a call about a plan and waits until it succeeded.
 *
 * @param client a wallet client
 * @param parameters the plan, and how the end is awaited
 * @param build the call
 * @throws SluiceError why the contract would refuse it, with both numbers, before anybody is asked
 */
export async function actOnPlan(
  client: ChainClient,
  parameters: PlanParameters,
  build: (contract: Address, account: Account) => ContractCall,
): Promise<PlanTransaction> {
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const id = planId({ ...deployment, plan: parameters.plan })
  const request = build(deployment.contract, account)
  const mined = await transact(client, account, request, subscriptions, parameters)
  const { hash, blockNumber } = mined
  return { account, deployment, mined, receipt: { planId: id, hash, blockNumber } }
}

/** A transaction about a subscription, and what it is read by. */
export type SubscriptionTransaction = {
  readonly deployment: Deployment
  readonly mined: Mined
  readonly receipt: SubscriptionReceipt
}

/**
 * Sends a call about a subscription and waits until it succeeded.
 *
 * @param client a wallet client
 * @param parameters whose subscription to which plan, and how the end is awaited
 * @param build the call
 * @throws SluiceError why the contract would refuse it, with both numbers, before anybody is asked
 */
export async function act(
  client: ChainClient,
  parameters: SubscriptionParameters,
  build: (of: OfSubscription) => ContractCall,
): Promise<SubscriptionTransaction> {
  const { plan, consent } = parameters
  const { address } = resolveAccount(client, parameters)
  const subscriber = parameters.subscriber ?? address
  const { deployment, mined, receipt } = await actOnPlan(client, parameters, (contract) =>
    build({ contract, plan, subscriber, consent }),
  )
  return { deployment, mined, receipt: receiptOf(mined, deployment, receipt.planId, subscriber) }
}

/**
 * What every action on a subscription returns of a mined transaction.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param id the plan's
 * @param subscriber whose subscription
 */
export function receiptOf(
  mined: Mined,
  deployment: Deployment,
  id: Hex,
  subscriber: Address,
): SubscriptionReceipt {
  const { hash, blockNumber } = mined
  return {
    planId: id,
    subscriptionId: subscriptionId({ planId: id, subscriber }),
    subscriber,
    hash,
    blockNumber,
    kept: keptPayments(mined, deployment),
  }
}
