import { subscriptionsAddress, type Address, type Hex } from '@sluice/sdk'
import { planId, type Plan } from '@sluice/sdk/subscription'
import type { TokenInfo } from '../amounts.js'
import { reachChain, readToken, type ChainConnection } from '../chain.js'
import type { Context } from '../command.js'
import { openJournal, type Journal } from '../journal.js'
import { loadSigner, type Signer } from '../signer.js'
import type { PlanOptions, SendOptions } from './options.js'
import { readPlanFile } from './planFile.js'

/** A plan and the chain it is on. */
export type OpenedPlan = {
  readonly connection: ChainConnection
  readonly contract: Address
  readonly plan: Plan
  readonly planId: Hex
  readonly token: TokenInfo
  readonly journal: Journal
}

/** A plan, the chain it is on, and somebody who can sign. */
export type OpenedForSending = OpenedPlan & Signer

/**
 * Reads the plan and reaches its chain.
 *
 * @param context the verb's
 */
export async function openPlan({ io, options }: Context<PlanOptions>): Promise<OpenedPlan> {
  const { chainId, plan } = await readPlanFile(io, options.plan)
  const connection = await reachChain(options.rpc ?? io.env['SLUICE_RPC'], chainId)
  const contract = options.contract ?? subscriptionsAddress
  const id = planId({ chainId, contract, plan })
  return {
    connection,
    contract,
    plan,
    planId: id,
    token: await readToken(connection, plan.token),
    journal: await openJournal(io, options.plan, id),
  }
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
