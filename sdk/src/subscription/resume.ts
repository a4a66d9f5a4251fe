import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { act, type OfSubscription, type SubscriptionParameters, type SubscriptionReceipt } from './act.js'
import { consentArgument, planArgument, subscriptionsCall } from './call.js'
import { findEvent, requireEvent } from './events.js'

/**
 * Goes on after a pause or lapse; when nothing is paid any more, pays a period at once.
 *
 * @param client a wallet client
 * @param parameters whose subscription to which plan
 * @returns what was paid, base units
 * @throws SluiceError `not-subscribed`, `not-chargeable`, `invalid-signature`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { resume, type Plan } from '@sluice/sdk/subscription'
 *
 * async function run(wallet: WalletClient, plan: Plan) {
 *   const { charged } = await resume(wallet, { plan })
 *   return charged
 * }
 * ```
 */
export async function resume(client: ChainClient, parameters: resume.Parameters): Promise<resume.ReturnType> {
  const { deployment, mined, receipt } = await act(client, parameters, resumeCall)
  requireEvent(mined, deployment, receipt.subscriptionId, 'resumed')
  const charged = findEvent(mined, deployment, receipt.subscriptionId, 'charged')
  return { ...receipt, charged: charged?.price ?? 0n }
}

export declare namespace resume {
  type Parameters = SubscriptionParameters
  type ReturnType = SubscriptionReceipt & {
    /** Base units that were paid at once. */
    readonly charged: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link resume}.
 *
 * @param parameters whose subscription to which plan
 *
 * @example
 * ```ts
 * import { resumeCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   resumeCall({ contract, plan, subscriber }).data
 * ```
 */
export function resumeCall(parameters: resumeCall.Parameters): ContractCall {
  const { contract, plan, subscriber, consent } = parameters
  return subscriptionsCall(contract, 'resume', [planArgument(plan), subscriber, consentArgument(consent)])
}

export declare namespace resumeCall {
  type Parameters = OfSubscription
}
