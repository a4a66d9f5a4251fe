import { subscriptionsAddress, type Address, type Hex } from '@sluice/sdk'
import { planId, type Plan } from '@sluice/sdk/subscription'
import type { Context } from '../command.js'
import { openTerms, type OpenedTerms } from '../openTerms.js'
import { loadSigner, type Signer } from '../signer.js'
import type { PlanOptions, SendOptions } from './options.js'
import { readPlanFile } from './planFile.js'

/** A plan and the chain it is on. */
export type OpenedPlan = OpenedTerms & {
  readonly contract: Address
  readonly plan: Plan
  readonly planId: Hex
}

/** A plan, the chain it is on, and somebody who can sign. */
export type OpenedForSending = OpenedPlan & Signer

/**
 * Reads the plan and reaches its chain.
 *
 * @param context the verb's
 */
export async function openPlan(context: Context<PlanOptions>): Promise<OpenedPlan> {
  const { io, options } = context
  const { chainId, plan } = await readPlanFile(io, options.plan)
  const contract = options.contract ?? subscriptionsAddress
  const id = planId({ chainId, contract, plan })
  const { token } = plan
  const opened = await openTerms(context, { id, file: options.plan, chainId, token })
  return { ...opened, contract, plan, planId: id }
}

/**
 * Reads the plan, reaches its chain and loads the key.
 *
 * @param context the verb's
 * @throws CommandError exit code 2 without a key, 3 for a key that everybody has on a public chain
 */
export async function openForSending(context: Context<SendOptions>): Promise<OpenedForSending> {
  const opened = await openPlan(context)
  return { ...opened, ...(await loadSigner(context, opened.connection)) }
}
