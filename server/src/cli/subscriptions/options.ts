import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { addressText, withRpc, type CommonOptions } from '../command.js'
import { defaultPlanName } from './planFile.js'

/** What every verb about one plan understands. */
export type PlanOptions = CommonOptions & { readonly plan: string; readonly contract?: Address }

/** What every verb that sends understands too. */
export type SendOptions = PlanOptions & { readonly keyFile?: string; readonly yes?: boolean }

/** Adds the options of {@link PlanOptions}. */
export function withPlan(command: Command): Command {
  return withRpc(command)
    .option('--plan <file>', 'the plan', defaultPlanName)
    .option('--contract <address>', 'where Subscriptions is (default: its known address)', addressText)
}

/** Adds the options of {@link SendOptions}. */
export function withSending(command: Command): Command {
  return withPlan(command)
    .option('--key-file <file>', "the key that signs (default: $SLUICE_PRIVATE_KEY, else the operator's)")
    .option('--yes', 'send it; without, it is shown and nothing is sent unless you say yes')
}
