import { unanswered, type ChainClient } from '../chain/context.js'
import type { Deployment, Hex } from '../types.js'
import { planId } from './ids.js'
import { subscriptions } from './product.js'
import type { Plan } from './types.js'

/** A plan by its terms or its id. */
export type WhichPlan =
  { readonly plan: Plan; readonly planId?: undefined } | { readonly planId: Hex; readonly plan?: undefined }

/**
 * The id of the plan that is meant.
 *
 * @param deployment where it is
 * @param which the plan or its id
 */
export function whichPlan(deployment: Deployment, which: WhichPlan): Hex {
  return which.plan === undefined ? which.planId : planId({ ...deployment, plan: which.plan })
}

/**
 * An answer of the contract, whose views never revert.
 *
 * @param client any viem client
 * @param deployment where it was asked
 * @param answer what was asked
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 */
export async function answered<answer>(
  client: ChainClient,
  deployment: Deployment,
  answer: Promise<answer>,
): Promise<answer> {
  return await answer.catch((error: unknown) => {
    throw unanswered(client, error, subscriptions, deployment)
  })
}
