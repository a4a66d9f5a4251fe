import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { act, type OfSubscription, type SubscriptionParameters, type SubscriptionReceipt } from './act.js'
import { consentArgument, planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'

/**
 * Stops charges. What is paid stays active until it ends.
 *
 * @param client a wallet client
 * @param parameters whose subscription to which plan
 * @returns the subscription's id
 * @throws SluiceError `not-subscribed`, `invalid-signature`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { pause, type Plan } from '@sluice/sdk/subscription'
 *
 * async function run(wallet: WalletClient, plan: Plan) {
 *   const { subscriptionId } = await pause(wallet, { plan })
 *   return subscriptionId
 * }
 * ```
 */
export async function pause(client: ChainClient, parameters: pause.Parameters): Promise<pause.ReturnType> {
  const { deployment, mined, receipt } = await act(client, parameters, pauseCall)
  requireEvent(mined, deployment, receipt.subscriptionId, 'paused')
  return receipt
}

export declare namespace pause {
  type Parameters = SubscriptionParameters
  type ReturnType = SubscriptionReceipt
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link pause}.
 *
 * @param parameters whose subscription to which plan
 *
 * @example
 * ```ts
 * import { pauseCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   pauseCall({ contract, plan, subscriber }).data
 * ```
 */
export function pauseCall(parameters: pauseCall.Parameters): ContractCall {
  const { contract, plan, subscriber, consent } = parameters
  return subscriptionsCall(contract, 'pause', [planArgument(plan), subscriber, consentArgument(consent)])
}

export declare namespace pauseCall {
  type Parameters = OfSubscription
}
