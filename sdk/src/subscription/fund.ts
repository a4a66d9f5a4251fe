import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { SluiceError } from '../errors.js'
import {
  payProduct,
  planProductPayment,
  type PaymentPlan,
  type ProductPayable,
  type ProductPaymentMethod,
  type ProductPaymentParameters,
} from '../payment/productPayment.js'
import type { Account } from 'viem'
import type { Address, Hex } from '../types.js'
import { receiptOf, type OfPlan, type SubscriptionReceipt } from './act.js'
import { planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'
import { getSubscription } from './getSubscription.js'
import { planId } from './ids.js'
import { subscriptions } from './product.js'
import type { Plan } from './types.js'

/**
 * Pays into the prepaid balance of a subscription, in the way that costs the fewest prompts. For anyone; the subscriber can
 * take it out.
 *
 * @param client a wallet client
 * @param parameters whose subscription to which plan, base units, and how to pay
 * @returns what was paid in, base units
 * @throws SluiceError `not-subscribed`, `insufficient-token`, `wrong-token`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { fund, type Plan } from '@sluice/sdk/subscription'
 *
 * const payAhead = (wallet: WalletClient, plan: Plan) => fund(wallet, { plan, amount: 12n * plan.price })
 * ```
 */
export async function fund(client: ChainClient, parameters: fund.Parameters): Promise<fund.ReturnType> {
  const { account, id, subscriber, payable } = await prepare(client, parameters)
  const { deployment } = payable
  const mined = await payProduct(client, account, payable, parameters)
  const receipt = receiptOf(mined, deployment, id, subscriber)
  const { amount } = requireEvent(mined, deployment, receipt.subscriptionId, 'funded')
  return { ...receipt, method: mined.method, amount }
}

export declare namespace fund {
  type Parameters = ProductPaymentParameters & {
    readonly plan: Plan
    /** Default: the account. */
    readonly subscriber?: Address | undefined
    /** Base units. */
    readonly amount: bigint
  }
  type ReturnType = SubscriptionReceipt & {
    readonly method: ProductPaymentMethod
    /** Base units. */
    readonly amount: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Says what {@link fund} will ask of the person before the first prompt. Fails for the same reasons, without one.
 *
 * @param client a wallet client
 * @param parameters as for `fund`; pass `methods: [plan.method]` there to hold it to the plan
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { planFund, type Plan } from '@sluice/sdk/subscription'
 *
 * const promptsFor = async (wallet: WalletClient, plan: Plan) =>
 *   (await planFund(wallet, { plan, amount: plan.price })).prompts
 * ```
 */
export async function planFund(client: ChainClient, parameters: fund.Parameters): Promise<PaymentPlan> {
  const { account, payable } = await prepare(client, parameters)
  return await planProductPayment(client, account, payable, parameters)
}

type PreparedFund = {
  readonly account: Account
  readonly id: Hex
  readonly subscriber: Address
  readonly payable: ProductPayable
}

async function prepare(client: ChainClient, parameters: fund.Parameters): Promise<PreparedFund> {
  const { plan, amount } = parameters
  const account = resolveAccount(client, parameters)
  const { subscriber = account.address } = parameters
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const { contract } = deployment
  if (amount <= 0n) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'The amount is zero.',
      details: `amount ${amount}, expected 1 or more`,
    })
  }
  const { subscriptionId: id, startedAt } = await getSubscription(client, { contract, plan, subscriber })
  if (startedAt === 0) {
    throw new SluiceError({
      code: 'not-subscribed',
      message: 'There is no subscription to pay for.',
      details: `subscription ${id} of ${subscriber} never began`,
    })
  }
  const payable: ProductPayable = {
    product: subscriptions,
    deployment,
    token: plan.token,
    amount,
    payer: account.address,
    purpose: id,
    verb: 'prepay',
    extraGas: 20_000n,
    call: (payment, value) => fundCall({ contract, plan, subscriber, amount, payment, value }),
  }
  return { account, id: planId({ ...deployment, plan }), subscriber, payable }
}

/**
 * Builds the call of {@link fund}.
 *
 * @param parameters whose subscription to which plan, base units, and the payment of them
 *
 * @example
 * ```ts
 * import { fundCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   fundCall({ contract, plan, subscriber, amount: plan.price }).data
 * ```
 */
export function fundCall(parameters: fundCall.Parameters): ContractCall {
  const { contract, plan, subscriber, amount, payment = '0x', value = 0n } = parameters
  return subscriptionsCall(contract, 'fund', [planArgument(plan), subscriber, amount, payment], value)
}

export declare namespace fundCall {
  type Parameters = OfPlan & WithPayment & { readonly subscriber: Address; readonly amount: bigint }
}

/** A payment that goes with a call. */
export type WithPayment = {
  /** See `libraries/Payments.sol`; default: the caller's allowance, or the native coin. */
  readonly payment?: Hex | undefined
  /** Native coin to send, in wei; default none. */
  readonly value?: bigint | undefined
}
