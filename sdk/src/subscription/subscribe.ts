import type { Account } from 'viem'
import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { transact } from '../chain/transact.js'
import { SluiceError } from '../errors.js'
import type { FundingMethod } from '../payment/choose.js'
import { pay } from '../payment/pay.js'
import type { Payable } from '../payment/payable.js'
import { chainTime, isSame, preparePayment } from '../payment/prepare.js'
import {
  asPayable,
  signProductPayment,
  type PaymentPlan,
  type ProductPayable,
  type ProductPaymentMethod,
  type ProductPaymentParameters,
  type SignedProductPayment,
} from '../payment/productPayment.js'
import { paymentWitness } from '../payment/typedData.js'
import { zeroAddress, type Address, type Deployment, type Hex } from '../types.js'
import { receiptOf, type OfPlan } from './act.js'
import { planArgument, subscriptionsCall } from './call.js'
import type { WithPayment } from './fund.js'
import { getPlan } from './getPlan.js'
import { getSubscription } from './getSubscription.js'
import { planId, subscribePurpose, subscriptionId } from './ids.js'
import { isActive } from './isActive.js'
import { subscriptions } from './product.js'
import { renewable } from './renewable.js'
import { subscribedBy, type Subscribed } from './subscribed.js'
import type { Plan, SubscriptionTerms } from './types.js'

/**
 * Subscribes and, unless there is a trial or a later start, pays the first period. With `prepaid`, that much is paid in
 * advance in the way that costs the fewest prompts, and periods come out of it; without, the contract is let take
 * `allowed` in all, by one batch, a permit or an approval. With a `payment` that the subscriber signed (`signSubscribe`),
 * anyone submits. Everything that would make it fail is checked before the first prompt.
 *
 * @param client a wallet client
 * @param parameters the plan, what is agreed to, and how to pay
 * @returns what was agreed and paid, base units and seconds
 * @throws SluiceError `unknown-plan`, `price-above-maximum`, `already-subscribed`, `insufficient-token`, `wrong-token`,
 * `permit-expired`, `not-chargeable`, `invalid-argument`, and wallet errors; `TransactionUnknownError` once something was
 * sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { subscribe, type Plan } from '@sluice/sdk/subscription'
 *
 * const forAYear = (wallet: WalletClient, plan: Plan) => subscribe(wallet, { plan, prepaid: 12n * plan.price })
 * ```
 */
export async function subscribe(
  client: ChainClient,
  parameters: subscribe.Parameters,
): Promise<subscribe.ReturnType> {
  const { payment, methods = anyWay } = parameters
  const prepared = await prepare(client, parameters)
  const { account, deployment, id, terms, payable } = prepared
  const receiptFor = (mined: Parameters<typeof subscribedBy>[0]) =>
    subscribedBy(mined, deployment, receiptOf(mined, deployment, id, terms.subscriber))
  if (payment !== undefined) {
    const mined = await transact(client, account, prepared.call(payment, 0n), subscriptions, parameters)
    return { ...receiptFor(mined), method: 'given' }
  }
  const held = { ...parameters, methods: methods.filter((each) => prepared.methods.includes(each)) }
  const mined = await pay(client, payable, await preparePayment(client, account, payable, held), held)
  return { ...receiptFor(mined), method: mined.method }
}

export declare namespace subscribe {
  type Parameters = ProductPaymentParameters & {
    readonly plan: Plan
    /** Default: the account. Somebody else only with its `payment`. */
    readonly subscriber?: Address | undefined
    /** Base units never to be exceeded for a period; default: the present price. */
    readonly maxPrice?: bigint | undefined
    /** Second at which it starts; default: now. */
    readonly start?: number | undefined
    /** No period begins at or after this second; default: open. */
    readonly end?: number | undefined
    /** Base units to pay in advance; default none. */
    readonly prepaid?: bigint | undefined
    /** Without `prepaid`: base units that the contract may take in all; default: `maxPrice`, which is one period. */
    readonly allowed?: bigint | undefined
  }
  type ReturnType = Subscribed & { readonly method: ProductPaymentMethod }
  type ErrorType = SluiceError
}

/**
 * Says what {@link subscribe} will ask of the person before the first prompt. Fails for the same reasons, without one.
 *
 * @param client a wallet client
 * @param parameters as for `subscribe`; pass `methods: [plan.method]` there to hold it to the plan
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { planSubscribe, type Plan } from '@sluice/sdk/subscription'
 *
 * const promptsFor = async (wallet: WalletClient, plan: Plan) => (await planSubscribe(wallet, { plan })).prompts
 * ```
 */
export async function planSubscribe(
  client: ChainClient,
  parameters: subscribe.Parameters,
): Promise<PaymentPlan> {
  const { methods = anyWay } = parameters
  const prepared = await prepare(client, parameters)
  const { method, steps } = await preparePayment(client, prepared.account, prepared.payable, {
    ...parameters,
    methods: methods.filter((each) => prepared.methods.includes(each)),
  })
  return { method, prompts: steps.length, steps }
}

/**
 * Signs a payment in advance that also agrees to the subscription, for somebody else to submit: one prompt and no gas.
 *
 * @param client a wallet client of the subscriber
 * @param parameters as for `subscribe`, with `prepaid`; whoever submits must name the same terms
 * @returns what `subscribe` takes as `payment`, and until when
 * @throws SluiceError `wrong-token` when neither the token (EIP-3009) nor an allowance of Permit2 lets it
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { signSubscribe, subscribe, type Plan } from '@sluice/sdk/subscription'
 *
 * async function join(subscriber: WalletClient, relayer: WalletClient, plan: Plan) {
 *   const terms = { plan, prepaid: plan.price, maxPrice: plan.price }
 *   const { payment } = await signSubscribe(subscriber, terms)
 *   return await subscribe(relayer, { ...terms, subscriber: subscriber.account?.address, payment })
 * }
 * ```
 */
export async function signSubscribe(
  client: ChainClient,
  parameters: subscribe.Parameters,
): Promise<SignedProductPayment> {
  const { account, advance } = await prepare(client, parameters)
  if (advance !== undefined) return await signProductPayment(client, account, advance, parameters)
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'Only what is paid in advance can be signed for somebody else to submit.',
    details: 'prepaid is zero; use signConsent and subscribeWithSignature to subscribe from an allowance',
  })
}

const anyWay: readonly FundingMethod[] = [
  'native',
  'allowance',
  'batch',
  'authorization',
  'permit',
  'permit2',
  'approve',
]

/** The ways to let the contract take money later. */
const lettingWays: readonly FundingMethod[] = ['allowance', 'batch', 'permit', 'approve']

type PreparedSubscribe = {
  readonly account: Account
  readonly deployment: Deployment
  /** The plan's. */
  readonly id: Hex
  readonly terms: SubscriptionTerms
  /** What is paid in advance, if anything is. */
  readonly advance: ProductPayable | undefined
  readonly payable: Payable
  /** The ways of paying that serve. */
  readonly methods: readonly FundingMethod[]
  readonly call: ProductPayable['call']
}

async function prepare(client: ChainClient, parameters: subscribe.Parameters): Promise<PreparedSubscribe> {
  const { plan, prepaid = 0n, payment } = parameters
  const account = resolveAccount(client, parameters)
  const { subscriber = account.address } = parameters
  requireOwnMoney(account.address, subscriber, payment)
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const { contract } = deployment
  const { price, now, state } = await requireVacant(client, deployment, plan, subscriber, parameters.now)
  const { maxPrice = price, start = 0, end = 0, allowed = maxPrice } = parameters
  if (price > maxPrice) {
    throw new SluiceError({
      code: 'price-above-maximum',
      message: 'The plan costs more than you agreed to. Nothing was charged.',
      details: `price ${price}, maxPrice ${maxPrice}`,
    })
  }
  const terms: SubscriptionTerms = { subscriber, maxPrice, start, end }
  const id = planId({ ...deployment, plan })
  const call = (bytes: Hex, value: bigint) =>
    subscribeCall({ contract, plan, terms, prepaid, payment: bytes, value })
  const common = {
    product: subscriptions,
    deployment,
    token: plan.token,
    payer: subscriber,
    purpose: subscribePurpose(subscriptionId({ planId: id, subscriber }), terms),
    // A pull has gas of its own, of which enough must be left.
    extraGas: 600_000n,
  }
  const known = { account, deployment, id, terms, call }
  if (prepaid > 0n) {
    const advance = { ...common, amount: prepaid, verb: 'prepay', call }
    return { ...known, advance, payable: asPayable(advance), methods: anyWay }
  }
  if (plan.token === zeroAddress) {
    throw new SluiceError({
      code: 'wrong-token',
      message: 'A plan in the native coin is paid in advance.',
      details: 'prepaid is zero, and nobody can be let take native coin later',
    })
  }
  const free = (state.startedAt === 0 && plan.trial > 0) || BigInt(start) > now
  const payable: Payable = {
    ...common,
    amount: allowed,
    held: free ? 0n : price,
    verb: 'subscribe for',
    witness: paymentWitness,
    plain: call('0x', 0n),
    signed: (signed) => {
      const deadline = signed.method === 'authorization' ? signed.validBefore : signed.deadline
      const permit = [plan.token, subscriber, allowed, deadline, signed.signature] as const
      const calls = [subscriptionsCall(contract, 'approveWithPermit', permit), call('0x', 0n)]
      return subscriptionsCall(contract, 'multicall', [calls.map(({ data }) => data)])
    },
  }
  return { ...known, advance: undefined, payable, methods: lettingWays }
}

function requireOwnMoney(account: Address, subscriber: Address, payment: Hex | undefined): void {
  if (payment !== undefined || isSame(account, subscriber)) return
  throw new SluiceError({
    code: 'not-allowed',
    message: 'Only the subscriber can do this.',
    details: `account ${account}, subscriber ${subscriber}; pass what the subscriber signed as "payment"`,
  })
}

/** Refuses before anybody signs what the contract would refuse afterwards. */
async function requireVacant(
  client: ChainClient,
  deployment: Deployment,
  plan: Plan,
  subscriber: Address,
  givenNow: bigint | undefined,
) {
  const which = { contract: deployment.contract, plan, subscriber }
  const [{ planId: id, price }, state, active, { reason }, now] = await Promise.all([
    getPlan(client, which),
    getSubscription(client, which),
    isActive(client, which),
    renewable(client, which),
    givenNow ?? chainTime(client),
  ])
  if (price === undefined) {
    throw new SluiceError({
      code: 'unknown-plan',
      message: 'There is no such plan on this chain.',
      details: `plan ${id} was never created in ${deployment.contract}`,
    })
  }
  const vacant = reason === 'not-subscribed' || reason === 'lapsed' || (reason === 'ended' && !active)
  if (vacant) return { price, now, state }
  throw new SluiceError({
    code: 'already-subscribed',
    message: 'You have this subscription already.',
    details: `subscription ${state.subscriptionId}: paidUntil ${state.paidUntil}, now ${now}`,
  })
}

/**
 * Builds the call of {@link subscribe}.
 *
 * @param parameters the contract, the plan, what is agreed to, base units paid in advance, and the payment of them
 *
 * @example
 * ```ts
 * import { subscribeCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const join = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   subscribeCall({ contract, plan, terms: { subscriber, maxPrice: plan.price, start: 0, end: 0 } })
 * ```
 */
export function subscribeCall(parameters: subscribeCall.Parameters): ContractCall {
  const { contract, plan, terms, prepaid = 0n, payment = '0x', value = 0n } = parameters
  return subscriptionsCall(contract, 'subscribe', [planArgument(plan), terms, prepaid, payment], value)
}

export declare namespace subscribeCall {
  type Parameters = OfPlan &
    WithPayment & { readonly terms: SubscriptionTerms; readonly prepaid?: bigint | undefined }
}
