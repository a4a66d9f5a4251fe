import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import { actOnPlan, type OfPlan, type PlanParameters, type PlanReceipt } from './act.js'
import { planArgument, subscriptionsCall } from './call.js'
import { readEvent } from './events.js'
import type { RenewalReason } from './types.js'

/**
 * Charges one period of each of several subscribers in one transaction; one that cannot be charged is skipped. For anyone,
 * who gets the tips.
 *
 * @param client a wallet client
 * @param parameters the plan and its subscribers
 * @returns who was charged what, base units, and who was not and why
 * @throws SluiceError why the contract refuses all of it, and wallet errors
 *
 * @example
 * ```ts
 * import type { Address, WalletClient } from 'viem'
 * import { chargeBatch, type Plan } from '@sluice/sdk/subscription'
 *
 * async function collect(keeper: WalletClient, plan: Plan, subscribers: readonly Address[]) {
 *   const { charged, failed } = await chargeBatch(keeper, { plan, subscribers })
 *   return `${charged.length} charged, ${failed.length} not`
 * }
 * ```
 */
export async function chargeBatch(
  client: ChainClient,
  parameters: chargeBatch.Parameters,
): Promise<chargeBatch.ReturnType> {
  const { plan, subscribers } = parameters
  const { deployment, mined, receipt } = await actOnPlan(client, parameters, (contract) =>
    chargeBatchCall({ contract, plan, subscribers }),
  )
  const events = mined.logs.map((log) => readEvent(log, deployment)).filter((event) => event !== undefined)
  return {
    ...receipt,
    charged: events.filter((event) => event.type === 'charged'),
    failed: events.filter((event) => event.type === 'charge-failed'),
  }
}

export declare namespace chargeBatch {
  type Parameters = PlanParameters & { readonly subscribers: readonly Address[] }
  type ReturnType = PlanReceipt & {
    readonly charged: readonly {
      readonly subscriptionId: Hex
      /** Base units. */
      readonly price: bigint
      readonly paidFrom: number
      readonly paidUntil: number
    }[]
    readonly failed: readonly {
      readonly subscriptionId: Hex
      readonly reason: RenewalReason
      readonly found: bigint
      readonly needed: bigint
    }[]
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link chargeBatch}.
 *
 * @param parameters the contract, the plan and its subscribers
 *
 * @example
 * ```ts
 * import { chargeBatchCall, type Plan } from '@sluice/sdk/subscription'
 *
 * const calldata = (contract: `0x${string}`, plan: Plan, subscribers: `0x${string}`[]) =>
 *   chargeBatchCall({ contract, plan, subscribers }).data
 * ```
 */
export function chargeBatchCall(parameters: chargeBatchCall.Parameters): ContractCall {
  const { contract, plan, subscribers } = parameters
  return subscriptionsCall(contract, 'chargeBatch', [planArgument(plan), subscribers])
}

export declare namespace chargeBatchCall {
  type Parameters = OfPlan & { readonly subscribers: readonly Address[] }
}
