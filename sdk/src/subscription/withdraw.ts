import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { act, type OfSubscription, type SubscriptionParameters, type SubscriptionReceipt } from './act.js'
import { consentArgument, planArgument, subscriptionsCall } from './call.js'
import { requireEvent } from './events.js'

/**
 * Takes money out of the prepaid balance of a subscription.
 *
 * @param client a wallet client
 * @param parameters whose subscription to which plan, base units, and to whom
 * @returns what was taken out, base units
 * @throws SluiceError `insufficient-token`, `invalid-signature`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { withdraw, type Plan } from '@sluice/sdk/subscription'
 *
 * async function run(wallet: WalletClient, plan: Plan) {
 *   const { amount } = await withdraw(wallet, { plan, amount: 1_000_000n })
 *   return amount
 * }
 * ```
 */
export async function withdraw(
  client: ChainClient,
  parameters: withdraw.Parameters,
): Promise<withdraw.ReturnType> {
  const { amount, to } = parameters
  const { deployment, mined, receipt } = await act(client, parameters, (of) =>
    withdrawCall({ ...of, amount, to }),
  )
  const event = requireEvent(mined, deployment, receipt.subscriptionId, 'withdrawn')
  return { ...receipt, to: event.to, amount: event.amount }
}

export declare namespace withdraw {
  type Parameters = SubscriptionParameters & {
    /** Base units. */
    readonly amount: bigint
    /** Default: the subscriber. */
    readonly to?: Address | undefined
  }
  type ReturnType = SubscriptionReceipt & {
    readonly to: Address
    /** Base units. */
    readonly amount: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link withdraw}.
 *
 * @param parameters whose subscription to which plan, base units, and to whom; default: the subscriber
 *
 * @example
 * ```ts
 * import { withdrawCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, subscriber: `0x${string}`) =>
 *   withdrawCall({ contract, plan, subscriber, amount: 1n }).data
 * ```
 */
export function withdrawCall(parameters: withdrawCall.Parameters): ContractCall {
  const { contract, plan, subscriber, to = subscriber, amount, consent } = parameters
  const args = [planArgument(plan), subscriber, to, amount, consentArgument(consent)] as const
  return subscriptionsCall(contract, 'withdraw', args)
}

export declare namespace withdrawCall {
  type Parameters = OfSubscription & { readonly amount: bigint; readonly to?: Address | undefined }
}
