import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { act, type OfSubscription, type SubscriptionParameters, type SubscriptionReceipt } from './act.js'
import { consentArgument, planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'

/**
 * Ends a subscription with what is paid. For the merchant too.
 *
 * @param client a wallet client
 * @param parameters whose subscription to which plan
 * @returns when it ends
 * @throws SluiceError `not-subscribed`, `invalid-signature`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { cancel, type Plan } from '@sluice/sdk/subscription'
 *
 * async function run(wallet: WalletClient, plan: Plan) {
 *   const { end } = await cancel(wallet, { plan })
 *   return end
 * }
 * ```
 */
export async function cancel(client: ChainClient, parameters: cancel.Parameters): Promise<cancel.ReturnType> {
  const { deployment, mined, receipt } = await act(client, parameters, cancelCall)
  const { end } = requireEvent(mined, deployment, receipt.subscriptionId, 'cancelled')
  return { ...receipt, end }
}

export declare namespace cancel {
  type Parameters = SubscriptionParameters
  type ReturnType = SubscriptionReceipt & {
    /** Second at which it ends. */
    readonly end: number
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link cancel}.
 *
 * @param parameters whose subscription to which plan
 *
 * @example
 * ```ts
 * import { cancelCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   cancelCall({ contract, plan, subscriber }).data
 * ```
 */
export function cancelCall(parameters: cancelCall.Parameters): ContractCall {
  const { contract, plan, subscriber, consent } = parameters
  return subscriptionsCall(contract, 'cancel', [planArgument(plan), subscriber, consentArgument(consent)])
}

export declare namespace cancelCall {
  type Parameters = OfSubscription
}
