import { subscriptionsFunctions } from '../abi/subscriptionsFunctions.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { readView } from '../chain/view.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { planArgument } from './call.js'
import { subscriptions } from './product.js'
import { reasonOf, type Plan, type RenewalReason } from './types.js'

/**
 * Whether a period can be charged now, and if not, why, with the two numbers: seconds for `ended`, `not-due` and
 * `lapsed`, base units for balance and allowance.
 *
 * @param client any viem client
 * @param parameters the plan and the subscriber
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { renewable, type Plan } from '@sluice/sdk/subscription'
 *
 * async function whyNot(client: PublicClient, plan: Plan, subscriber: `0x${string}`) {
 *   const { reason, found, needed } = await renewable(client, { plan, subscriber })
 *   return `${reason}: ${found} of ${needed}`
 * }
 * ```
 */
export async function renewable(
  client: ChainClient,
  parameters: renewable.Parameters,
): Promise<renewable.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const [reason, found, needed] = await readView(client, subscriptions, deployment, {
    abi: subscriptionsFunctions,
    functionName: 'renewable',
    args: [planArgument(parameters.plan), parameters.subscriber],
  })
  return { reason: reasonOf(reason), found, needed }
}

export declare namespace renewable {
  type Parameters = ReadParameters & { readonly plan: Plan; readonly subscriber: Address }
  type ReturnType = { readonly reason: RenewalReason; readonly found: bigint; readonly needed: bigint }
  type ErrorType = SluiceError
}
