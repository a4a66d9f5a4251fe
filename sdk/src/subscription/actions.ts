import { boundTo } from '../chain/bound.js'
import type { ChainClient } from '../chain/context.js'
import type { PaymentPlan, SignedProductPayment } from '../payment/productPayment.js'
import type { Address } from '../types.js'
import { cancel } from './cancel.js'
import { changePlan } from './changePlan.js'
import { charge } from './charge.js'
import { chargeBatch } from './chargeBatch.js'
import { createPlan } from './createPlan.js'
import { findSubscriptions } from './findSubscriptions.js'
import { fund, planFund } from './fund.js'
import { getOwed } from './getOwed.js'
import { getPlan } from './getPlan.js'
import { getSubscription } from './getSubscription.js'
import { isActive } from './isActive.js'
import { pause } from './pause.js'
import { renewable } from './renewable.js'
import { resume } from './resume.js'
import { setPrice } from './setPrice.js'
import { signConsent } from './signConsent.js'
import { planSubscribe, signSubscribe, subscribe } from './subscribe.js'
import { subscribeWithSignature } from './subscribeWithSignature.js'
import { watchSubscription } from './watchSubscription.js'
import { withdraw } from './withdraw.js'
import { withdrawOwed } from './withdrawOwed.js'

/** Every action on plans and subscriptions, bound to a client. */
export type SubscriptionActions = {
  readonly createPlan: (parameters: createPlan.Parameters) => Promise<createPlan.ReturnType>
  readonly setPrice: (parameters: setPrice.Parameters) => Promise<setPrice.ReturnType>
  readonly planSubscribe: (parameters: subscribe.Parameters) => Promise<PaymentPlan>
  readonly subscribe: (parameters: subscribe.Parameters) => Promise<subscribe.ReturnType>
  readonly signSubscribe: (parameters: subscribe.Parameters) => Promise<SignedProductPayment>
  readonly subscribeWithSignature: (
    parameters: subscribeWithSignature.Parameters,
  ) => Promise<subscribeWithSignature.ReturnType>
  readonly signConsent: (parameters: signConsent.Parameters) => Promise<signConsent.ReturnType>
  readonly charge: (parameters: charge.Parameters) => Promise<charge.ReturnType>
  readonly chargeBatch: (parameters: chargeBatch.Parameters) => Promise<chargeBatch.ReturnType>
  readonly pause: (parameters: pause.Parameters) => Promise<pause.ReturnType>
  readonly resume: (parameters: resume.Parameters) => Promise<resume.ReturnType>
  readonly cancel: (parameters: cancel.Parameters) => Promise<cancel.ReturnType>
  readonly changePlan: (parameters: changePlan.Parameters) => Promise<changePlan.ReturnType>
  readonly planFund: (parameters: fund.Parameters) => Promise<PaymentPlan>
  readonly fund: (parameters: fund.Parameters) => Promise<fund.ReturnType>
  readonly withdraw: (parameters: withdraw.Parameters) => Promise<withdraw.ReturnType>
  readonly withdrawOwed: (parameters: withdrawOwed.Parameters) => Promise<withdrawOwed.ReturnType>
  readonly getOwed: (parameters: getOwed.Parameters) => Promise<bigint>
  readonly getPlan: (parameters: getPlan.Parameters) => Promise<getPlan.ReturnType>
  readonly getSubscription: (parameters: getSubscription.Parameters) => Promise<getSubscription.ReturnType>
  readonly isActive: (parameters: isActive.Parameters) => Promise<boolean>
  readonly renewable: (parameters: renewable.Parameters) => Promise<renewable.ReturnType>
  readonly findSubscriptions: (
    parameters: findSubscriptions.Parameters,
  ) => Promise<findSubscriptions.ReturnType>
  readonly watchSubscription: (parameters: watchSubscription.Parameters) => watchSubscription.ReturnType
}

/**
 * Adds every action on plans and subscriptions to a viem client, as `client.subscription`: several products have a
 * `charge` or a `withdraw`.
 *
 * @param options `contract`: address of `Subscriptions`; default: the known deployment on the client's chain
 *
 * @example
 * ```ts
 * import { createWalletClient, http, type LocalAccount } from 'viem'
 * import { base } from 'viem/chains'
 * import { subscriptionActions, type Plan } from '@sluice/sdk/subscription'
 *
 * async function join(account: LocalAccount, plan: Plan) {
 *   const wallet = createWalletClient({ account, chain: base, transport: http() }).extend(subscriptionActions())
 *   return await wallet.subscription.subscribe({ plan })
 * }
 * ```
 */
export function subscriptionActions(options: { readonly contract?: Address | undefined } = {}) {
  return (client: ChainClient): { readonly subscription: SubscriptionActions } => {
    const bound = boundTo(client, options)
    return {
      subscription: {
        createPlan: bound(createPlan),
        setPrice: bound(setPrice),
        planSubscribe: bound(planSubscribe),
        subscribe: bound(subscribe),
        signSubscribe: bound(signSubscribe),
        subscribeWithSignature: bound(subscribeWithSignature),
        signConsent: bound(signConsent),
        charge: bound(charge),
        chargeBatch: bound(chargeBatch),
        pause: bound(pause),
        resume: bound(resume),
        cancel: bound(cancel),
        changePlan: bound(changePlan),
        planFund: bound(planFund),
        fund: bound(fund),
        withdraw: bound(withdraw),
        withdrawOwed: bound(withdrawOwed),
        getOwed: bound(getOwed),
        getPlan: bound(getPlan),
        getSubscription: bound(getSubscription),
        isActive: bound(isActive),
        renewable: bound(renewable),
        findSubscriptions: bound(findSubscriptions),
        watchSubscription: bound(watchSubscription),
      },
    }
  }
}
