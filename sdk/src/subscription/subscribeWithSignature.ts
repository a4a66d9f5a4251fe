import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { actOnPlan, receiptOf, type OfPlan, type PlanParameters } from './act.js'
import { planArgument, subscriptionsCall } from './call.js'
import { subscribedBy, type Subscribed } from './subscribed.js'
import type { Consent, SubscriptionTerms } from './types.js'

/**
 * Subscribes somebody who signed (`signConsent`); its allowance pays the first period, unless there is a trial. For anyone.
 *
 * @param client a wallet client
 * @param parameters the plan, the terms, and the signature of them
 * @returns what was agreed and paid, base units and seconds
 * @throws SluiceError `invalid-signature`, `permit-expired`, `unknown-plan`, `price-above-maximum`, `already-subscribed`, `not-chargeable`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { signConsent, subscribeWithSignature, type Plan, type SubscriptionTerms } from '@sluice/sdk/subscription'
 *
 * async function join(subscriber: WalletClient, relayer: WalletClient, plan: Plan, terms: SubscriptionTerms) {
 *   const consent = await signConsent(subscriber, { plan, action: { type: 'subscribe', ...terms } })
 *   return await subscribeWithSignature(relayer, { plan, terms, consent })
 * }
 * ```
 */
export async function subscribeWithSignature(
  client: ChainClient,
  parameters: subscribeWithSignature.Parameters,
): Promise<subscribeWithSignature.ReturnType> {
  const { plan, terms, consent } = parameters
  const { deployment, mined, receipt } = await actOnPlan(client, parameters, (contract) =>
    subscribeWithSignatureCall({ contract, plan, terms, consent }),
  )
  return subscribedBy(mined, deployment, receiptOf(mined, deployment, receipt.planId, terms.subscriber))
}

export declare namespace subscribeWithSignature {
  type Parameters = PlanParameters & { readonly terms: SubscriptionTerms; readonly consent: Consent }
  type ReturnType = Subscribed
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link subscribeWithSignature}.
 *
 * @param parameters the contract, the plan, the terms, and the signature of them
 *
 * @example
 * ```ts
 * import { subscribeWithSignatureCall, type Consent, type Plan, type SubscriptionTerms } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, terms: SubscriptionTerms, consent: Consent) =>
 *   subscribeWithSignatureCall({ contract, plan, terms, consent }).data
 * ```
 */
export function subscribeWithSignatureCall(parameters: subscribeWithSignatureCall.Parameters): ContractCall {
  const { contract, plan, terms, consent } = parameters
  return subscriptionsCall(contract, 'subscribeWithSignature', [planArgument(plan), terms, consent])
}

export declare namespace subscribeWithSignatureCall {
  type Parameters = OfPlan & { readonly terms: SubscriptionTerms; readonly consent: Consent }
}
