import type { Deployment, Hex } from '../types.js'
import { planId } from './ids.js'
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
